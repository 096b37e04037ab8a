import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldProfile } from '../../../src/features/profile.js';
import type { EventColumns } from '../../../src/learning/examples/eventColumns.js';
import { growable } from '../../../src/learning/examples/growable.js';
import { foldInteractions } from '../../../src/learning/examples/interactions.js';
import { transpose } from '../../../src/learning/examples/transpose.js';

const USERS = 4;
const ITEMS = 6;

const event = fc.record({
  user: fc.integer({ min: 0, max: USERS - 1 }),
  item: fc.integer({ min: 0, max: ITEMS - 1 }),
  worth: fc.constantFrom(-4, -3, -1, 0, 0.5, 1, 2, 3, 5),
  pause: fc.integer({ min: 0, max: 2 }),
});

function columns(events: readonly { user: number; item: number; worth: number; pause: number }[]): EventColumns {
  let now = 0;
  return {
    userCount: USERS,
    itemCount: ITEMS,
    circumstances: [],
    facts: [],
    users: Int32Array.from(events, ({ user }) => user),
    items: Int32Array.from(events, ({ item }) => item),
    worths: Float32Array.from(events, ({ worth }) => worth),
    times: Float64Array.from(events, ({ pause }) => {
      now += pause;
      return now;
    }),
  };
}

describe('foldInteractions', () => {
  it('folds each person as a profile folds them: training and serving read the same', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), fc.nat(), (list, some) => {
        const all = columns(list);
        const count = list.length === 0 ? 0 : some % (list.length + 1);
        const folded = foldInteractions(all, count);
        for (let user = 0; user < USERS; user++) {
          const newestFirst = list
            .slice(0, count)
            .map((given, at) => ({ ...given, time: all.times[at] ?? 0 }))
            .filter((given) => given.user === user)
            .reverse();
          const profile = foldProfile(newestFirst);
          const [from, to] = [folded.offsets[user], folded.offsets[user + 1]];
          expect(folded.items.slice(from, to)).toEqual(profile.items);
          expect(folded.worth.slice(from, to)).toEqual(profile.worth);
          expect(folded.recency.slice(from, to)).toEqual(profile.recency);
        }
      }),
    );
  });

  it('gives items of one moment one recency, whatever their order', () => {
    const folded = foldInteractions(
      columns([0, 1, 2, 3].map((item) => ({ user: 0, item, worth: 3, pause: item === 0 ? 0 : item === 3 ? 5 : 0 }))),
    );
    expect(Array.from(folded.items)).toEqual([3, 2, 1, 0]);
    expect(Array.from(folded.places)).toEqual([0, 1, 1, 1]);
    expect(new Set(folded.recency.slice(1)).size).toBe(1);
    expect(folded.recency[1]).toBeLessThan(folded.recency[0] ?? 0);
  });
});

describe('transpose', () => {
  it('turns rows into columns without losing an entry', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 5 }), { maxLength: 10 }), (rows) => {
        const offsets = Int32Array.from([0, ...rows.map((_, row) => rows.slice(0, row + 1).flat().length)]);
        const entries = rows.flat();
        const turned = transpose(offsets, Int32Array.from(entries), 8);
        const found: [number, number, number][] = [];
        for (let column = 0; column < 8; column++) {
          for (let at = turned.offsets[column] ?? 0; at < (turned.offsets[column + 1] ?? 0); at++) {
            found.push([turned.order[at] ?? -1, turned.rows[at] ?? -1, column]);
          }
        }
        const wanted = rows.flatMap((row, at) => row.map((column) => [at, column]));
        expect(found.sort(([a], [b]) => a - b)).toEqual(wanted.map((pair, order) => [order, ...pair]));
      }),
    );
  });
});

describe('growable', () => {
  it('keeps what was pushed, however much', () => {
    const numbers = growable((length) => new Int32Array(length));
    for (let i = 0; i < 5000; i++) numbers.push(i);
    expect(numbers.values()).toEqual(Int32Array.from({ length: 5000 }, (_, i) => i));
    expect(growable((length) => new Float32Array(length)).values()).toHaveLength(0);
  });
});
