import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import type { Arena } from '../../../src/kernels/arena.js';
import type { Factors } from '../../../src/kernels/gram.js';
import { type KernelPool, openPool } from '../../../src/kernels/pool.js';
import { multiplyRight, orthonormalise, sparseProduct, symmetricEigen } from '../../../src/kernels/subspace.js';
import { gram, jacobi, product } from './reference.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

const normals = (length: number, seed: number) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => normal(random));
};

function put(arena: Arena, values: Float32Array, width: number): Factors {
  const shared = arena.float32(values.length);
  shared.set(values);
  return { rows: values.length / width, width, values: shared };
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) {
    expect(Math.abs((found[i] ?? Number.NaN) - (expected[i] ?? 0))).toBeLessThan(tolerance);
  }
}

describe('sparseProduct', () => {
  it('is the product of the dense reference, on any number of threads', async () => {
    const shape = fc.record({
      rows: fc.integer({ min: 1, max: 200 }),
      columns: fc.integer({ min: 1, max: 50 }),
      width: fc.constantFrom(4, 8, 24),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows, columns, width, seed }) => {
        const random = seededRandom(seed);
        const dense = normals(columns * width, seed);
        const full = new Float64Array(rows * columns);
        const offsets = [0];
        const entries: { column: number; value: number }[] = [];
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            if (random() > 0.2) continue;
            const value = Math.fround(random() - 0.3);
            full[row * columns + column] = value;
            entries.push({ column, value });
          }
          offsets.push(entries.length);
        }
        const run = (pool: KernelPool) =>
          pool.borrow(async (arena) => {
            const matrix = {
              offsets: arena.int32(rows + 1),
              columns: arena.int32(entries.length),
              values: arena.float32(entries.length),
            };
            matrix.offsets.set(offsets);
            matrix.columns.set(entries.map(({ column }) => column));
            matrix.values.set(entries.map(({ value }) => value));
            // What was there before must not show through.
            const out = put(arena, new Float32Array(rows * width).fill(7), width);
            await sparseProduct(pool, matrix, put(arena, dense, width), out);
            return out.values.slice();
          });
        const found = await run(one);
        expectClose(found, product(full, dense, { rows, inner: columns, columns: width }), 1e-4);
        expect(await run(three)).toEqual(found);
      }),
      { numRuns: 40 },
    );
  });
});

describe('multiplyRight', () => {
  const shape = fc.record({
    rows: fc.integer({ min: 1, max: 300 }),
    width: fc.constantFrom(8, 16, 40),
    out: fc.constantFrom(8, 24, 40),
    seed: fc.integer(),
  });

  it('is the product of the dense reference, on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows, width, out, seed }) => {
        const count = out - 3;
        const dense = normals(rows * width, seed);
        const by = Float64Array.from(normals(count * width, seed + 1));
        const run = (pool: KernelPool) =>
          pool.borrow(async (arena) => {
            const result = put(arena, new Float32Array(rows * out).fill(7), out);
            await multiplyRight(pool, arena, put(arena, dense, width), { rows: by, count, upper: false }, result);
            return result.values.slice();
          });
        const turned = new Float64Array(width * out);
        for (let j = 0; j < count; j++) for (let k = 0; k < width; k++) turned[k * out + j] = by[j * width + k] ?? 0;
        const found = await run(one);
        expectClose(found, product(dense, turned, { rows, inner: width, columns: out }), 1e-3);
        expect(await run(three)).toEqual(found);
      }),
      { numRuns: 40 },
    );
  });

  it('may write over what it reads, and does not read below the diagonal of a triangle', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows, width, seed }) => {
        const dense = normals(rows * width, seed);
        const given = normals(width * width, seed + 1);
        const by = Float64Array.from(given, (value, at) => (at % width > Math.floor(at / width) ? 0 : value));
        const turned = new Float64Array(width * width);
        for (let j = 0; j < width; j++) for (let k = 0; k < width; k++) turned[k * width + j] = by[j * width + k] ?? 0;
        await one.borrow(async (arena) => {
          const factors = put(arena, dense, width);
          await multiplyRight(one, arena, factors, { rows: by, count: width, upper: true }, factors);
          expectClose(factors.values, product(dense, turned, { rows, inner: width, columns: width }), 1e-3);
        });
      }),
      { numRuns: 20 },
    );
  });
});

describe('orthonormalise', () => {
  it('makes an orthonormal basis of the same space, on any number of threads', async () => {
    const rows = 2500;
    const width = 24;
    const start = normals(rows * width, 5);
    const run = (pool: KernelPool) =>
      pool.borrow(async (arena) => {
        const factors = put(arena, start, width);
        await orthonormalise(pool, arena, factors);
        return factors.values.slice();
      });
    const basis = await run(one);
    const identity = Float64Array.from({ length: width * width }, (_, at) => (at % (width + 1) === 0 ? 1 : 0));
    expectClose(gram(basis, rows, width), identity, 1e-5);
    // Projected on the basis nothing of the start is lost.
    const inner = { rows: width, inner: rows, columns: width };
    const turned = new Float32Array(width * rows);
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < width; k++) turned[k * rows + row] = basis[row * width + k] ?? 0;
    const projected = product(basis, product(turned, start, inner), { rows, inner: width, columns: width });
    expectClose(projected, start, 1e-3);
    expect(await run(three)).toEqual(basis);
  });

  it('turns a column that depends on those before it into zero', async () => {
    const rows = 40;
    const width = 8;
    const start = normals(rows * width, 6);
    for (let row = 0; row < rows; row++) {
      start[row * width + 3] = 2 * (start[row * width] ?? 0) - (start[row * width + 1] ?? 0);
      start[row * width + 5] = 0;
    }
    await one.borrow(async (arena) => {
      const factors = put(arena, start, width);
      await orthonormalise(one, arena, factors);
      const found = gram(factors.values, rows, width);
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          expect(found[i * width + j]).toBeCloseTo(i === j && i !== 3 && i !== 5 ? 1 : 0, 5);
        }
      }
    });
  });
});

describe('symmetricEigen', () => {
  it('finds the eigenvalues of the reference, and vectors that belong to them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.integer(), fc.boolean(), async (n, seed, lowRank) => {
        // With few rows most eigenvalues are 0: many at one place.
        const rows = lowRank ? Math.max(1, Math.floor(n / 3)) : 2 * n;
        const matrix = gram(normals(rows * n, seed), rows, n);
        const expected = jacobi(matrix, n);
        const scale = 1 + (expected.values[0] ?? 0);
        const { values, vectors } = await one.borrow((arena) => symmetricEigen(one, arena, matrix, n));
        expectClose(values, expected.values, 1e-10 * scale);
        for (let j = 0; j < n; j++) {
          const vector = vectors.subarray(j * n, (j + 1) * n);
          const image = product(matrix, vector, { rows: n, inner: n, columns: 1 });
          expectClose(
            image,
            vector.map((entry) => entry * (values[j] ?? 0)),
            1e-9 * scale,
          );
        }
        const turned = new Float64Array(n * n);
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) turned[j * n + i] = vectors[i * n + j] ?? 0;
        const identity = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
        expectClose(product(vectors, turned, { rows: n, inner: n, columns: n }), identity, 1e-10);
      }),
      { numRuns: 60 },
    );
  });
});
