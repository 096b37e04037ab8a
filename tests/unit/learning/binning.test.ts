import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, binRows, findCuts } from '../../../src/learning/trainers/trees/binning.js';

const piece = (values: readonly number[]) => ({ matrix: Float32Array.from(values) });

describe('findCuts', () => {
  it('parts few values each from the next', async () => {
    const [cuts] = await findCuts([piece([3, 1, 1]), piece([2, 1])], 1, 64);
    expect(Array.from(cuts ?? [])).toEqual([1.5, 2.5]);
  });

  it('gives frequent values a bin of their own and the others even shares', async () => {
    const values = [...Array(500).fill(0), ...Array.from({ length: 500 }, (_, at) => at + 1)];
    const [cuts = new Float32Array(0)] = await findCuts([piece(values)], 1, 8);
    expect(cuts.length).toBeLessThan(8);
    const counts = new Map<number, number>();
    for (const value of values) counts.set(binOf(cuts, value), (counts.get(binOf(cuts, value)) ?? 0) + 1);
    expect(counts.get(0)).toBe(500);
    for (const [bin, count] of counts) if (bin > 0) expect(count).toBeLessThan(120);
  });

  it('reads a sample of many rows, spread over all of them', async () => {
    const pieces = Array.from({ length: 100 }, (_, at) => piece(Array(1000).fill(at)));
    const [cuts = new Float32Array(0)] = await findCuts(pieces, 1, 4);
    expect(Array.from(cuts)).toHaveLength(3);
    for (const [at, cut] of cuts.entries()) expect(Math.abs(cut - 25 * (at + 1))).toBeLessThan(2);
  });

  it('has rising float32 cuts between values that occur, and fewer of them than bins', async () => {
    const value = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1));
    const bound = fc.integer({ min: 2, max: 256 });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1 }), bound, async (values, binCount) => {
        const [cuts = new Float32Array(0)] = await findCuts([piece(values)], 1, binCount);
        expect(cuts.length).toBeLessThan(binCount);
        for (const [at, cut] of cuts.entries()) {
          if (at > 0) expect(cut).toBeGreaterThan(cuts[at - 1] ?? 0);
          expect(values.some((one) => one <= cut)).toBe(true);
          expect(values.some((one) => one > cut)).toBe(true);
        }
        if (new Set(values.map((one) => one + 0)).size === 1) expect(cuts).toHaveLength(0);
        const [bins = new Uint8Array(0)] = await binRows([piece(values)], [cuts]);
        for (const [at, one] of values.entries()) {
          const bin = bins[at * 4] ?? -1;
          if (bin > 0) expect(one).toBeGreaterThan(cuts[bin - 1] ?? 0);
          if (bin < cuts.length) expect(one).toBeLessThanOrEqual(cuts[bin] ?? 0);
        }
      }),
    );
  });
});
