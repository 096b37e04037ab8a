import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/domain/random.js';
import { type FollowJob, follows } from '../../../src/kernels/follows.js';
import { type KernelPool, openPool } from '../../../src/kernels/pool.js';
import { follows as reference } from './reference.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

describe('follows', () => {
  it('finds the followers of the dense reference, on any number of threads', async () => {
    const shape = fc.record({
      items: fc.integer({ min: 1, max: 60 }),
      people: fc.integer({ min: 0, max: 20 }),
      contexts: fc.integer({ min: 0, max: 70 }),
      width: fc.integer({ min: 1, max: 12 }),
      across: fc.constantFrom(0, 0.5, 1),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ seed, ...sizes }) => {
        const job = randomJob(sizes, seededRandom(seed));
        const dense = reference(job);
        const found = await follows(one, job);
        for (let context = 0; context < sizes.contexts; context++) {
          const row = dense.subarray(context * sizes.items, (context + 1) * sizes.items);
          const best = Array.from(row)
            .filter((value) => value > 0)
            .sort((a, b) => b - a)
            .slice(0, sizes.width);
          expect(found.counts[context]).toBe(best.length);
          for (const [rank, value] of best.entries()) {
            const at = context * sizes.width + rank;
            expect(found.values[at]).toBeCloseTo(value, 4);
            expect(row[found.columns[at] ?? 0]).toBeCloseTo(value, 4);
          }
        }
        expect(await follows(three, job)).toEqual(found);
      }),
      { numRuns: 40 },
    );
  });
});

function randomJob(
  sizes: { readonly items: number; readonly people: number; readonly contexts: number; width: number; across: number },
  random: () => number,
): FollowJob {
  const below = (end: number) => Math.floor(random() * end);
  const histories = Array.from({ length: sizes.people }, () => {
    const length = below(9);
    let [place, time, session] = [0, 0, 0];
    return Array.from({ length }, () => {
      const moved = below(3);
      place += moved;
      if (moved > 0) time += random() * 5;
      if (moved > 0) session += below(2);
      return { item: below(sizes.items), follow: below(4) * Math.fround(random()), place, time, session, length };
    });
  });
  const ends = histories.map((_, person) => histories.slice(0, person + 1).flat().length);
  const flat = histories.flatMap((history, person) => history.map((entry) => ({ ...entry, end: ends[person] ?? 0 })));
  const occurrences = Array.from({ length: sizes.contexts }, () =>
    Array.from({ length: flat.length === 0 ? 0 : below(6) }, () => {
      const entry = below(flat.length);
      const { end = 0, length = 0, place = 0 } = flat[entry] ?? {};
      let first = Math.max(end - length, entry - 1 + below(3));
      while ((flat[first]?.place ?? place) < place) first++;
      return { entry, weight: Math.fround(0.1 + random()), first };
    }),
  );
  const offsets = [0];
  for (const row of occurrences) offsets.push((offsets.at(-1) ?? 0) + row.length);
  const norms = (length: number) => Float32Array.from({ length }, () => 1 + 2 * random());
  return {
    encountered: {
      items: Int32Array.from(flat, ({ item }) => item),
      follows: Float32Array.from(flat, ({ follow }) => follow),
      places: Int32Array.from(flat, ({ place }) => place),
      times: Float32Array.from(flat, ({ time }) => time),
      sessions: Int32Array.from(flat, ({ session }) => session),
      ends: Int32Array.from(flat, ({ end }) => end),
    },
    contexts: {
      offsets: Int32Array.from(offsets),
      entries: Int32Array.from(occurrences.flat(), ({ entry }) => entry),
      weights: Float32Array.from(occurrences.flat(), ({ weight }) => weight),
      firsts: Int32Array.from(occurrences.flat(), ({ first }) => first),
      norms: norms(sizes.contexts),
    },
    columnNorms: norms(sizes.items),
    decay: Float32Array.of(1, 0.9, 0.8, 0.6, 0.5),
    fade: 2,
    across: sizes.across,
    shrinkage: random(),
    width: sizes.width,
  };
}
