import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../../src/domain/random.js';
import { bestProducts } from '../../../src/kernels/bestProducts.js';
import { type KernelPool, openPool } from '../../../src/kernels/pool.js';
import type { SparseMatrix } from '../../../src/kernels/subspace.js';
import { product } from './reference.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

/** The same matrix compressed and dense, about a third of it filled. */
function randomMatrix(rows: number, columns: number, random: Random): { sparse: SparseMatrix; dense: Float64Array } {
  const dense = Float64Array.from({ length: rows * columns }, () =>
    random() < 0.35 ? Math.fround(0.1 + random()) : 0,
  );
  const filled = Array.from(dense.keys()).filter((at) => (dense[at] ?? 0) > 0);
  return {
    dense,
    sparse: {
      offsets: Int32Array.from({ length: rows + 1 }, (_, row) => filled.filter((at) => at < row * columns).length),
      columns: Int32Array.from(filled, (at) => at % columns),
      values: Float32Array.from(filled, (at) => dense[at] ?? 0),
    },
  };
}

describe('bestProducts', () => {
  it('keeps the largest entries of the dense product, on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        fc.integer(),
        async (rows, inner, columns, width, diagonal, seed) => {
          const random = seededRandom(seed);
          const left = randomMatrix(rows, inner, random);
          const right = randomMatrix(inner, columns, random);
          const scales = Float32Array.from({ length: columns }, () => (random() < 0.1 ? 0 : 0.5 + random()));
          const out = random() < 0.5 ? randomMatrix(rows, columns, random) : null;
          const job = { left: left.sparse, right: right.sparse, scales, width, diagonal, barred: out?.sparse ?? null };
          const dense = product(left.dense, right.dense, { rows, inner, columns }).map(
            (value, at) => value * (scales[at % columns] ?? 0),
          );
          const found = await bestProducts(one, job);
          for (let row = 0; row < rows; row++) {
            const whole = Array.from(dense.subarray(row * columns, (row + 1) * columns), (value, column) =>
              (column === row && !diagonal) || (out?.dense[row * columns + column] ?? 0) > 0 ? 0 : value,
            );
            const best = whole
              .filter((value) => value > 0)
              .sort((a, b) => b - a)
              .slice(0, width);
            const [from, to] = [found.offsets[row] ?? 0, found.offsets[row + 1] ?? 0];
            expect(to - from).toBe(best.length);
            for (const [rank, value] of best.entries()) {
              expect(found.values[from + rank]).toBeCloseTo(value, 4);
              expect(whole[found.columns[from + rank] ?? 0]).toBeCloseTo(value, 4);
            }
            expect(new Set(found.columns.subarray(from, to)).size).toBe(to - from);
          }
          expect(await bestProducts(three, job)).toEqual(found);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('takes matrices without entries', async () => {
    const empty = { offsets: new Int32Array(4), columns: new Int32Array(0), values: new Float32Array(0) };
    const scales = new Float32Array(3).fill(1);
    const found = await bestProducts(one, {
      left: empty,
      right: empty,
      scales,
      width: 5,
      diagonal: true,
      barred: null,
    });
    expect(found).toEqual(empty);
  });
});
