import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEATURES } from '../../src/features/index.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { calibrationError } from '../../src/learning/evaluation/probabilities.js';
import { joined, labelsOf, meanNdcg } from '../../src/learning/evaluation/rankedLists.js';
import type { ReplayedList } from '../../src/learning/examples/rankerExamples.js';
import { type FittedRanker, fitRanker } from '../../src/learning/trainers/ranker.js';
import { openOnnxRanker } from '../../src/registry/runtime/onnxRanker.js';
import { linear, plantLists, xor } from './plantedLists.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

const shape = { people: 60, listsPerPerson: 6, rows: 80 };
const names = FEATURES.map(({ name }) => name);

async function trained(lists: readonly ReplayedList[], pool: KernelPool = one): Promise<FittedRanker> {
  const ranker = await fitRanker({ lists, seed: 1, pool });
  if (ranker === null) throw new Error('there was enough to fit');
  return ranker;
}

describe('fitRanker', () => {
  it('serves trees where they find what a line cannot, calibrated, and as ONNX to 1e-5', async () => {
    const ranker = await trained(plantLists({ ...shape, seed: 1, chance: xor }));
    const { metrics } = ranker;
    expect(metrics['ranker.trees']).toBeGreaterThan(0);
    expect(metrics['ranker.ndcg10']).toBe(metrics['ranker.ndcg10OfTrees']);
    expect(metrics['ranker.ndcg10']).toBeGreaterThan((metrics['ranker.ndcg10OfLogistic'] ?? 1) + 0.03);

    const others = plantLists({ ...shape, seed: 2, chance: xor });
    const judged = others.map(({ matrix }) => ranker.predict(matrix));
    expect(meanNdcg(others, (_, at) => judged[at] ?? [])).toBeGreaterThan(metrics['ranker.ndcg10OfLogistic'] ?? 1);
    expect(calibrationError(joined(judged), labelsOf(others))).toBeLessThan(0.02);

    const served = await openOnnxRanker(ranker.toOnnx(names), names);
    for (const [at, { matrix, candidates }] of others.entries()) {
      const scores = await served.score(matrix, candidates.length);
      for (const [row, score] of scores.entries()) {
        expect(Math.abs(score - (judged[at]?.[row] ?? 0))).toBeLessThanOrEqual(1e-5);
      }
    }
    await served.dispose();
  });

  it('keeps the logistic regression where a line is the truth and the lead of the trees is within its error', async () => {
    const kept: boolean[] = [];
    for (const seed of [3, 4, 5]) {
      const { metrics } = await trained(plantLists({ ...shape, people: 30, seed, chance: linear }));
      const ahead = (metrics['ranker.leadOfTrees'] ?? 0) > (metrics['ranker.leadOfTreesError'] ?? 0);
      expect(metrics['ranker.leadOfTreesError']).toBeGreaterThan(0);
      expect((metrics['ranker.trees'] ?? 0) > 0).toBe(ahead);
      expect(metrics['ranker.ndcg10']).toBe(metrics[`ranker.ndcg10Of${ahead ? 'Trees' : 'Logistic'}`]);
      kept.push(!ahead);
    }
    expect(kept).toContain(true);
  });

  it('is the same on any number of threads', async () => {
    const lists = plantLists({ ...shape, people: 30, seed: 1, chance: xor });
    const [first, second] = [await trained(lists, one), await trained(lists, three)];
    expect(second.metrics).toEqual(first.metrics);
    expect(second.toOnnx(names)).toEqual(first.toOnnx(names));
  });

  it('judges by people alone where the lists are all of one moment', async () => {
    const lists = plantLists({ ...shape, seed: 1, chance: linear }).map((list) => ({ ...list, now: 5 }));
    const { metrics } = await trained(lists);
    expect(metrics['ranker.trees']).toBe(0);
    expect(metrics['ranker.judgedLists']).toBe(lists.length);
    expect(metrics['ranker.ndcg10OfTrees']).toBeUndefined();
  });

  it('fits nothing to almost nothing', async () => {
    const lists = plantLists({ people: 7, listsPerPerson: 9, rows: 40, seed: 1, chance: xor });
    expect(await fitRanker({ lists, seed: 1, pool: one })).toBeNull();
    const blank = plantLists({ ...shape, seed: 1, chance: () => 0 });
    expect(await fitRanker({ lists: blank, seed: 1, pool: one })).toBeNull();
  });
});
