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

  it('by bytes finds the best of a large matrix, and scores them exactly', () => {
    const [rows, d, k] = [20_000, 48, 100];
    const centres = matrix(50, d, 2);
    const noise = matrix(rows, d, 3);
    const vectors = noise.map((value, at) => 0.7 * value + (centres[(Math.floor(at / d) % 50) * d + (at % d)] ?? 0));
    const scan = createScan(vectors, d, { bytes: true });
    const exact = createScan(vectors, d, { bytes: false });
    let hits = 0;
    for (let n = 0; n < 20; n++) {
      const query = vectors.subarray(n * d, (n + 1) * d);
      const wanted = exact.topK(query, k);
      const scoreOf = new Map(Array.from(wanted.indices, (row, at) => [row, wanted.scores[at]]));
      const { indices, scores } = scan.topK(query, k);
      for (const [at, row] of indices.entries()) {
        if (!scoreOf.has(row)) continue;
        hits++;
        expect(scores[at]).toBeCloseTo(scoreOf.get(row) ?? Number.NaN, 4);
      }
    }
    expect(hits / (20 * k)).toBeGreaterThan(0.995);
  });

  it.each([false, true])('finds rows that were added, as if they had been there (bytes: %s)', (bytes) => {
    const d = 20;
    const vectors = matrix(700, d, 4);
    const query = matrix(1, d, 5);
    const grown = createScan(vectors.subarray(0, 300 * d), d, { bytes });
    const whole = createScan(vectors, d, { bytes });
    for (let row = 300; row < 700; row += 100) grown.append(vectors.subarray(row * d, (row + 100) * d));
    expect(grown.size).toBe(700);
    expect(grown.topK(query, 50)).toEqual(whole.topK(query, 50));
  });

  it('multiplies given rows in their order, more of them than there are too', () => {
    const d = 9;
    const vectors = matrix(30, d, 6);
    const query = matrix(1, d, 7);
    const rows = Int32Array.from({ length: 70 }, (_, at) => (at * 11) % 30);
    const out = new Float32Array(70);
    createScan(vectors, d).dots(query, rows, out);
    for (const [at, row] of rows.entries()) {
      expect(out[at]).toBeCloseTo(dot(vectors.subarray(row * d, (row + 1) * d), query), 4);
    }
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
