import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import { solveCholesky } from '../../../src/features/foldIn.js';
import { alsHalfStep } from '../../../src/kernels/als.js';
import { gramMatrix } from '../../../src/kernels/gram.js';
import { type KernelPool, openPool } from '../../../src/kernels/pool.js';
import { conjugateGradient, energy, gram, normalEquations } from './reference.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

const shape = fc.record({
  own: fc.integer({ min: 1, max: 150 }),
  other: fc.integer({ min: 1, max: 1200 }),
  d: fc.constantFrom(4, 8, 12, 20),
  steps: fc.integer({ min: 0, max: 5 }),
  seed: fc.integer(),
});

function world({ own, other, d, seed }: { own: number; other: number; d: number; seed: number }) {
  const random = seededRandom(seed);
  const factors = (rows: number) => Float32Array.from({ length: rows * d }, () => 0.3 * normal(random));
  const entries = Array.from({ length: own }, () =>
    Array.from({ length: Math.floor(random() * 6) }, () => ({
      column: Math.floor(random() * other),
      confidence: Math.fround(random() * 4 - 1),
    })),
  );
  return { x: factors(own), y: factors(other), entries, ridge: 0.1 + random() };
}

type World = ReturnType<typeof world>;

async function halfStep(pool: KernelPool, { x, y, entries, ridge }: World, d: number, steps: number) {
  return pool.borrow(async (arena) => {
    const put = <T extends Float32Array | Int32Array>(into: T, values: ArrayLike<number>): T => {
      into.set(values);
      return into;
    };
    const offsets = [0];
    for (const row of entries) offsets.push((offsets.at(-1) ?? 0) + row.length);
    const flat = entries.flat();
    const own = put(arena.float32(x.length), x);
    const loss = await alsHalfStep(pool, arena, {
      own: { rows: entries.length, width: d, values: own },
      other: { rows: y.length / d, width: d, values: put(arena.float32(y.length), y) },
      observations: {
        offsets: put(arena.int32(offsets.length), offsets),
        columns: put(
          arena.int32(flat.length),
          flat.map((entry) => entry.column),
        ),
        confidences: put(
          arena.float32(flat.length),
          flat.map((entry) => entry.confidence),
        ),
        ridges: put(
          arena.float32(entries.length),
          entries.map(() => ridge),
        ),
      },
      unobservedWeight: 0.05,
      steps,
    });
    return { own: own.slice(), loss };
  });
}

describe('alsHalfStep', () => {
  it('takes the steps of the reference', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async (given) => {
        const { d, steps } = given;
        const start = world(given);
        const { own, loss } = await halfStep(one, start, d, steps);
        const weighted = gram(start.y, given.other, d).map((value) => 0.05 * value);
        let objective = 0;
        for (const [row, entries] of start.entries.entries()) {
          const positive = entries.reduce((sum, entry) => sum + Math.max(0, entry.confidence), 0);
          const { left, right } = normalEquations(start.y, d, weighted, entries, start.ridge);
          const begin = start.x.subarray(row * d, (row + 1) * d);
          const found = own.subarray(row * d, (row + 1) * d);
          if (positive === 0) {
            expect(found.every((value) => value === 0)).toBe(true);
            continue;
          }
          // Rounding moves the vector where the objective is flat, so that the objective is what has to agree.
          const expected = energy(left, right, conjugateGradient(left, right, begin, steps));
          expect(Math.abs(energy(left, right, found) - expected)).toBeLessThan(1e-3 * (1 + Math.abs(expected)));
          if (steps === 0) expect(found).toEqual(begin);
          objective += positive + expected;
        }
        expect(Math.abs(loss - objective)).toBeLessThan(1e-3 * (1 + Math.abs(objective)));
      }),
      { numRuns: 40 },
    );
  });

  it('solves the normal equations when it is given the steps', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async (given) => {
        const { d } = given;
        const start = world(given);
        const { own } = await halfStep(one, start, d, 60);
        const weighted = gram(start.y, given.other, d).map((value) => 0.05 * value);
        for (const [row, entries] of start.entries.entries()) {
          if (!entries.some(({ confidence }) => confidence > 0)) continue;
          const { left, right } = normalEquations(start.y, d, weighted, entries, start.ridge);
          const exact = Float64Array.from(right);
          solveCholesky(left, exact, d);
          for (let i = 0; i < d; i++) expect(own[row * d + i]).toBeCloseTo(exact[i] ?? 0, 3);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('gives the same bits on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async (given) => {
        const start = world(given);
        expect(await halfStep(three, start, given.d, given.steps)).toEqual(
          await halfStep(one, start, given.d, given.steps),
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('gramMatrix', () => {
  it('is the sum of the outer products of the rows, on any number of threads', async () => {
    const rows = 1100;
    const width = 12;
    const random = seededRandom(7);
    const values = Float32Array.from({ length: rows * width }, () => normal(random));
    const run = (pool: KernelPool) =>
      pool.borrow((arena) => {
        const shared = arena.float32(values.length);
        shared.set(values);
        return gramMatrix(pool, arena, { rows, width, values: shared });
      });
    const found = await run(one);
    const expected = gram(values, rows, width);
    for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(expected[i] ?? 0, 2);
    expect(await run(three)).toEqual(found);
  });
});

describe('openPool', () => {
  it('lends its memory to one caller at a time', async () => {
    await one.borrow(async () => {
      await expect(one.borrow(async () => 1)).rejects.toThrow('one caller at a time');
    });
    await expect(one.borrow(async () => 2)).resolves.toBe(2);
  });

  it('rejects when a kernel fails, then and afterwards', async () => {
    const pool = openPool({ threads: 2 });
    const outside = {
      kernel: 'gramBlock',
      args: [2 ** 31, 16, 64, 512],
      count: 8,
      block: 512,
      scratchBytes: 4096,
    } as const;
    await expect(pool.run(outside)).rejects.toThrow('memory access out of bounds');
    await expect(pool.run(outside)).rejects.toThrow();
    await pool.dispose();
  });
});
