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
