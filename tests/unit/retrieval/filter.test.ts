import { describe, expect, it } from 'vitest';
import { sumRows } from '../../../src/features/itemScores.js';
import { createScan } from '../../../src/kernels/scan.js';
import { filterItems } from '../../../src/retrieval/filter.js';

/** One row that leads to items 0 to 5, falling. */
const linear = sumRows(
  {
    offsets: Int32Array.of(0, 6),
    indices: Int32Array.of(0, 1, 2, 3, 4, 5),
    values: Float32Array.of(6, 5, 4, 3, 2, 1),
  },
  [{ row: 0, weight: 1 }],
);
/** The low-pass likes the items the other way round, and item 6 best of all. */
const itemFactors = Float32Array.of(1, 2, 3, 4, 5, 60, 1000);
const model = { dimensions: 1, itemFactors, inputScale: new Float32Array(7).fill(1) };
const scan = createScan(itemFactors, 1);
const factors = {
  multiply: (_: unknown, ...rest: Parameters<typeof scan.dots>) => scan.dots(...rest),
};
const vector = Float32Array.of(1);

const filtered = (masked: readonly number[], quota = 10) =>
  filterItems(
    {
      linear,
      model,
      vector,
      factors,
      masked: Uint8Array.from({ length: 7 }, (_, at) => (masked.includes(at) ? 1 : 0)),
    },
    quota,
  );

describe('filterItems', () => {
  it('adds both parts, each measured by the best it has', () => {
    const { items, scores } = filtered([]);
    // Means over what is proposed: 21 / 6 and 75 / 6.
    const expected = [0, 1, 2, 3, 4, 5].map((at) => (6 - at) / 3.5 + (itemFactors[at] ?? 0) / 12.5);
    const order = [5, 0, 1, 2, 3, 4];
    expect([...items]).toEqual(order);
    for (const [at, item] of order.entries()) expect(scores[at]).toBeCloseTo(expected[item] ?? 0, 5);
  });

  it('scores nothing that no walk reaches, and nothing that may not be shown', () => {
    expect([...filtered([]).items]).not.toContain(6);
    expect([...filtered([5, 0]).items].sort()).toEqual([1, 2, 3, 4]);
    expect(filtered([0, 1, 2, 3, 4, 5]).items).toHaveLength(0);
  });

  it('answers no more than asked for, the best first', () => {
    expect([...filtered([], 2).items]).toEqual([5, 0]);
  });
});
