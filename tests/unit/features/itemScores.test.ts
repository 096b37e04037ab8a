import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumRows } from '../../../src/features/itemScores.js';

const ITEMS = 40;
const matrix = fc.array(
  fc.array(fc.record({ item: fc.nat(ITEMS - 1), value: fc.integer({ min: -4, max: 4 }) }), { maxLength: 30 }),
  {
    minLength: 1,
    maxLength: 8,
  },
);

describe('sumRows', () => {
  it('sums what a map would', () => {
    fc.assert(
      fc.property(
        matrix,
        fc.array(fc.record({ row: fc.nat(), weight: fc.integer({ min: 0, max: 3 }) })),
        (rows, given) => {
          const asked = given.map(({ row, weight }) => ({ row: row % rows.length, weight }));
          const offsets = Int32Array.of(0, ...rows.map((_, at) => rows.slice(0, at + 1).flat().length));
          const sparse = {
            offsets,
            indices: Int32Array.from(rows.flat(), ({ item }) => item),
            values: Float32Array.from(rows.flat(), ({ value }) => value),
          };
          const expected = new Map<number, number>();
          for (const { row, weight } of asked) {
            for (const { item, value } of rows[row] ?? [])
              expected.set(item, (expected.get(item) ?? 0) + weight * value);
          }
          const { items, scores, scoreOf } = sumRows(sparse, asked);
          expect(new Map(Array.from(items, (item, at) => [item, (scores[at] ?? 0) + 0]))).toEqual(expected);
          for (let item = 0; item < ITEMS; item++) expect(scoreOf(item) + 0).toBe(expected.get(item) ?? 0);
        },
      ),
    );
  });
});
