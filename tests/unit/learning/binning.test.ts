import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, binRows, findCuts } from '../../../src/learning/trainers/trees/binning.js';

const piece = (values: readonly number[], labels: readonly number[] = values.map(() => 0)) => ({
  matrix: Float32Array.from(values),
  labels: Uint8Array.from(labels),
});

describe('findCuts', () => {
  it('parts few values each from the next', async () => {
    const [cuts] = await findCuts([piece([3, 1, 1, 2, 1])], 1, 64);
    expect(Array.from(cuts ?? [])).toEqual([1.5, 2.5]);
  });

  it('gives heavy values a bin of their own and the others even shares', async () => {
    const values = [...Array(500).fill(0), ...Array.from({ length: 500 }, (_, at) => at + 1)];
    const [cuts = new Float32Array(0)] = await findCuts([piece(values)], 1, 8);
    expect(cuts.length).toBeLessThan(8);
    const counts = new Map<number, number>();
    for (const value of values) counts.set(binOf(cuts, value), (counts.get(binOf(cuts, value)) ?? 0) + 1);
    expect(counts.get(0)).toBe(500);
    for (const [bin, count] of counts) if (bin > 0) expect(count).toBeLessThan(120);
  });

  it('is finer where the positives are', async () => {
    const values = Array.from({ length: 1000 }, (_, at) => at);
    const [cuts = new Float32Array(0)] = await findCuts(
      [
        piece(
          values,
          values.map((at) => (at >= 900 ? 1 : 0)),
        ),
      ],
      1,
      20,
    );
    expect(cuts.filter((cut) => cut >= 900).length).toBeGreaterThan(6);
  });

  it('has rising float32 cuts between values that occur, and fewer of them than bins', async () => {
    const row = fc.tuple(
      fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1)),
      fc.constantFrom(0, 1),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1 }), fc.integer({ min: 2, max: 256 }), async (rows, binCount) => {
        const values = rows.map(([value]) => value);
        const labels = rows.map(([, label]) => label);
        const [cuts = new Float32Array(0)] = await findCuts([piece(values, labels)], 1, binCount);
        expect(cuts.length).toBeLessThan(binCount);
        for (const [at, cut] of cuts.entries()) {
          if (at > 0) expect(cut).toBeGreaterThan(cuts[at - 1] ?? 0);
          expect(values.some((value) => value <= cut)).toBe(true);
          expect(values.some((value) => value > cut)).toBe(true);
        }
        if (new Set(values.map((value) => value + 0)).size === 1) expect(cuts).toHaveLength(0);
        const bins = new Uint8Array(values.length * 4);
        await binRows([piece(values, labels)], [cuts], bins, 4);
        for (const [at, value] of values.entries()) {
          const bin = bins[at * 4] ?? -1;
          if (bin > 0) expect(value).toBeGreaterThan(cuts[bin - 1] ?? 0);
          if (bin < cuts.length) expect(value).toBeLessThanOrEqual(cuts[bin] ?? 0);
        }
      }),
    );
  });
});
