import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import { createScan } from '../../../src/kernels/scan.js';
import { dot, topK } from './reference.js';

function matrix(rows: number, d: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: rows * d }, () => normal(random));
}

describe('createScan', () => {
  it('finds what a full sort finds, for any shape', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 320 }),
        fc.integer(),
        (rows, d, k, seed) => {
          const vectors = matrix(rows, d, seed);
          const query = matrix(1, d, seed + 1);
          const { indices, scores } = createScan(vectors, d).topK(query, k);
          expect(indices).toHaveLength(Math.min(k, rows));
          for (let i = 0; i < indices.length; i++) {
            const row = indices[i] ?? 0;
            expect(scores[i]).toBeCloseTo(dot(vectors.subarray(row * d, (row + 1) * d), query), 3);
            if (i > 0) expect(scores[i - 1] ?? 0).toBeGreaterThanOrEqual(scores[i] ?? 0);
          }
          const worst = scores.at(-1) ?? 0;
          const all = Float32Array.from({ length: rows }, (_, row) =>
            dot(vectors.subarray(row * d, (row + 1) * d), query),
          );
          const left = topK(all, rows).filter((row) => !indices.includes(row));
          for (const row of k === 0 ? [] : left) expect(all[row]).toBeLessThanOrEqual(worst + 1e-3);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('breaks ties by index, signed zeros too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(-2, -1, -0, 0, 1, 2), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 200 }),
        (column, k) => {
          const vectors = Float32Array.from(column);
          const { indices } = createScan(vectors, 1).topK(Float32Array.of(1), k);
          expect(Array.from(indices)).toEqual(topK(vectors, k));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('copes with scores of very unlike size', () => {
    const vectors = Float32Array.of(1e30, 1e-30, -1e30, 0, 3, 2);
    expect(Array.from(createScan(vectors, 1).topK(Float32Array.of(1), 4).indices)).toEqual([0, 4, 5, 1]);
  });

  it('answers nothing from an empty index', () => {
    expect(createScan(new Float32Array(0), 8).topK(new Float32Array(8), 5).indices).toHaveLength(0);
  });

  it('refuses what cannot be meant', () => {
    expect(() => createScan(new Float32Array(7), 2)).toThrow('no whole rows of 2');
    const scan = createScan(matrix(3, 2, 1), 2);
    expect(() => scan.topK(new Float32Array(3), 1)).toThrow('the query has 3 numbers, the rows have 2');
    expect(() => scan.topK(Float32Array.of(1, Number.NaN), 1)).toThrow('not finite');
  });
});
