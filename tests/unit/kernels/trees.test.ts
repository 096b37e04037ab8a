import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import type { Arena } from '../../../src/kernels/arena.js';
import { type KernelPool, openPool } from '../../../src/kernels/pool.js';
import { addLeaves, allocateTreeRows, descend, histograms, type TreeRows } from '../../../src/kernels/trees.js';
import { histogram } from './reference.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

function makeRows(count: number, features: number, binCount: number, seed: number) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const pair: [number, number] = [Math.fround(normal(random)), random() < 0.2 ? 0 : Math.fround(random())];
    return {
      bins: Array.from({ length: features }, () => Math.floor(random() * binCount)),
      pair,
      node: Math.floor(random() * 4),
    };
  });
}

function load(arena: Arena, rows: ReturnType<typeof makeRows>, features: number, binCount: number): TreeRows {
  const data = allocateTreeRows(arena, rows.length, features, binCount);
  for (const [at, row] of rows.entries()) {
    data.bins.set(row.bins, at * data.stride);
    data.gradients.set(row.pair, 2 * at);
    data.nodes[at] = row.node;
  }
  return data;
}

const shape = fc.record({
  count: fc.integer({ min: 1, max: 400 }),
  features: fc.integer({ min: 1, max: 9 }),
  binCount: fc.constantFrom(2, 17, 64, 256),
  seed: fc.integer(),
});

describe('histograms', () => {
  it('sums what the reference sums, by node, feature and bin', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async ({ count, features, binCount, seed }) => {
        const rows = makeRows(count, features, binCount, seed);
        const looked = Array.from({ length: features }, (_, feature) => feature).filter((feature) => feature !== 1);
        const found = await one.borrow((arena) =>
          histograms(one, arena, load(arena, rows, features, binCount), looked, [3, 1]),
        );
        for (const [slot, node] of [3, 1].entries()) {
          const expected = histogram(rows, node, looked, binCount);
          expect(found[slot]).toHaveLength(expected.length);
          for (const [at, value] of expected.entries()) expect(found[slot]?.[at]).toBeCloseTo(value, 9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same bits on any number of threads, over many blocks', async () => {
    const rows = makeRows(100_000, 5, 64, 7);
    const run = (pool: KernelPool) =>
      pool.borrow((arena) => histograms(pool, arena, load(arena, rows, 5, 64), [0, 2, 4], [0, 1, 3]));
    const found = await run(one);
    expect(await run(three)).toEqual(found);
    const curvature = rows.filter(({ node }) => node === 1).reduce((sum, { pair }) => sum + pair[1], 0);
    expect(found[1]?.reduce((sum, value, at) => (at % 2 === 1 ? sum + value : sum), 0)).toBeCloseTo(3 * curvature, 6);
  });
});

describe('descend and addLeaves', () => {
  it('send each row of a node to its child, and add the value of the leaf', async () => {
    await fc.assert(
      fc.asyncProperty(shape, fc.nat(255), async ({ count, features, binCount, seed }, bin) => {
        const rows = makeRows(count, features, binCount, seed);
        const splits = [0, 1, 2, 3].map((node) => ({ feature: node % features, bin: (bin + node) % binCount }));
        const leaves = Float32Array.from({ length: 8 }, (_, leaf) => 0.1 * leaf);
        const expected = rows.map(({ node, bins }) => {
          const split = splits[node] ?? { feature: 0, bin: 0 };
          return 2 * node + ((bins[split.feature] ?? 0) <= split.bin ? 0 : 1);
        });
        await three.borrow(async (arena) => {
          const data = load(arena, rows, features, binCount);
          data.scores.fill(2);
          await descend(three, arena, data, splits);
          expect(Array.from(data.nodes)).toEqual(expected);
          await addLeaves(three, arena, data, leaves);
          expect(Array.from(data.scores)).toEqual(expected.map((node) => 2 + (leaves[node] ?? 0)));
          expect(data.nodes.every((node) => node === 0)).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });
});
