import type { User } from '../../src/domain/entities.js';
import { buildPeopleTable } from '../../src/registry/peopleTable.js';
import type { PeopleModel } from '../../src/registry/snapshot.js';

/** Three people: Ann and Bo are close to each other, and both took to the first item. Nobody knows anything of Cy. */
export function plantPeople(items: number): PeopleModel {
  return {
    table: buildPeopleTable(
      ['ann', 'bo', 'cy'],
      [
        { age: 30, gender: 'f', location: 'Basel', interests: ['Night', 'retro'] },
        { age: null, gender: 'm', location: 'basel ', interests: ['night'] },
        null,
      ],
    ),
    near: {
      offsets: Int32Array.of(0, 1, 2, 2),
      indices: Int32Array.of(1, 0),
      values: Float32Array.of(0.5, 0.25),
    },
    takers: {
      offsets: new Int32Array(items + 1).fill(2, 1),
      indices: Int32Array.of(0, 1),
    },
    takerCounts: new Float32Array(items).fill(2, 0, 1),
  };
}

export const SOCIETY = 40;

export const personId = (person: number): string => `person-${String(person).padStart(2, '0')}`;

/** Someone of a society of two halves: even ones like the night, odd ones the day. Age and place differ by tens. */
export function personOf(person: number): User {
  return {
    id: personId(person),
    name: `Person ${person}`,
    age: 20 + person,
    gender: person % 3 === 0 ? 'f' : 'm',
    location: `Town ${Math.floor(person / 10)}`,
    bio: null,
    personalised: true,
    interests: [person % 2 === 0 ? 'night' : 'day', `club ${person % 4}`],
    createdAt: new Date(0),
  };
}

/**
 * What a version knows of `SOCIETY` people: each is close to the next eight of their half, the nearest most, and took to
 * the items of their parity.
 */
export function plantSociety(items: number): PeopleModel {
  const people = Array.from({ length: SOCIETY }, (_, person) => personOf(person));
  const near = people.map((_, person) => Array.from({ length: 8 }, (_, step) => (person + 2 * (step + 1)) % SOCIETY));
  const takers = Array.from({ length: items }, (_, item) =>
    Array.from({ length: 5 }, (_, n) => (item + 2 * n) % SOCIETY).sort((a, b) => a - b),
  );
  const offsetsOf = (rows: readonly (readonly number[])[]) => {
    const offsets = new Int32Array(rows.length + 1);
    for (const [row, entries] of rows.entries()) offsets[row + 1] = (offsets[row] ?? 0) + entries.length;
    return offsets;
  };
  return {
    table: buildPeopleTable(
      people.map(({ id }) => id),
      people,
    ),
    near: {
      offsets: offsetsOf(near),
      indices: Int32Array.from(near.flat()),
      values: Float32Array.from(near.flatMap((row) => row.map((_, step) => 0.3 / (step + 1)))),
    },
    takers: { offsets: offsetsOf(takers), indices: Int32Array.from(takers.flat()) },
    takerCounts: Float32Array.from(takers, (row) => row.length),
  };
}
