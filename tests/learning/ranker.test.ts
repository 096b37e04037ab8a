import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { calibrationError } from '../../src/learning/evaluation/probabilities.js';
import { joined, labelsOf, meanNdcg } from '../../src/learning/evaluation/rankedLists.js';
import type { ReplayedList } from '../../src/learning/examples/rankerExamples.js';
import { type FittedRanker, fitRanker } from '../../src/learning/trainers/ranker.js';
import { openOnnxRanker } from '../../src/registry/runtime/onnxRanker.js';
import { both, linear, plantLists, WIDTH } from './plantedLists.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

const shape = { people: 60, listsPerPerson: 6, rows: 80 };
const features = Array.from({ length: WIDTH }, (_, feature) => `feature_${feature}`);

async function trained(lists: readonly ReplayedList[], pool: KernelPool = one): Promise<FittedRanker> {
  const ranker = await fitRanker({ lists, features, seed: 1, pool });
  if (ranker === null) throw new Error('there was enough to fit');
  return ranker;
}

describe('fitRanker', () => {
  it('serves trees where they find what a line cannot, calibrated, and as ONNX to 1e-5', async () => {
    const ranker = await trained(plantLists({ ...shape, seed: 1, chance: both }));
    const { metrics } = ranker;
    expect(metrics['ranker.trees']).toBeGreaterThan(0);
    expect(metrics['ranker.ndcg10']).toBe(metrics['ranker.ndcg10OfTrees']);
    expect(metrics['ranker.ndcg10']).toBeGreaterThan((metrics['ranker.ndcg10OfLogistic'] ?? 1) + 0.03);

    const others = plantLists({ ...shape, seed: 2, chance: both });
    const judged = others.map(({ matrix }) => ranker.predict(matrix));
    expect(meanNdcg(others, (_, at) => judged[at] ?? [])).toBeGreaterThan(metrics['ranker.ndcg10OfLogistic'] ?? 1);
    expect(calibrationError(joined(judged), labelsOf(others))).toBeLessThan(0.02);

    const served = await openOnnxRanker(ranker.toOnnx(), features);
    for (const [at, { matrix, candidates }] of others.entries()) {
      const scores = await served.score(matrix, candidates.length);
      for (const [row, score] of scores.entries()) {
        expect(Math.abs(score - (judged[at]?.[row] ?? 0))).toBeLessThanOrEqual(1e-5);
      }
    }
    await served.dispose();
  });

  it('serves what orders the later lists better, and does no harm where a line is the truth', async () => {
    const served = new Set<string>();
    for (const seed of [3, 4, 5, 6]) {
      const { metrics } = await trained(plantLists({ ...shape, people: 24, seed, chance: linear }));
      const [ofTrees = 0, ofLine = 0] = [metrics['ranker.ndcg10OfTrees'], metrics['ranker.ndcg10OfLogistic']];
      expect((metrics['ranker.trees'] ?? 0) > 0).toBe(ofTrees > ofLine);
      expect(metrics['ranker.ndcg10']).toBe(Math.max(ofTrees, ofLine));
      expect(metrics['ranker.leadOfTrees']).toBeCloseTo(ofTrees - ofLine, 9);
      expect(ofTrees).toBeGreaterThan(0.9 * ofLine);
      served.add(ofTrees > ofLine ? 'trees' : 'line');
    }
    expect(served).toContain('line');
  });

  it('is the same on any number of threads', async () => {
    const lists = plantLists({ ...shape, people: 30, seed: 1, chance: both });
    const [first, second] = [await trained(lists, one), await trained(lists, three)];
    expect(second.metrics).toEqual(first.metrics);
    expect(second.toOnnx()).toEqual(first.toOnnx());
  });

  it('judges by people alone where the lists are all of one moment', async () => {
    const lists = plantLists({ ...shape, seed: 1, chance: linear }).map((list) => ({ ...list, now: 5 }));
    const { metrics } = await trained(lists);
    expect(metrics['ranker.trees']).toBe(0);
    expect(metrics['ranker.judgedLists']).toBe(lists.length);
    expect(metrics['ranker.ndcg10OfTrees']).toBeUndefined();
  });

  it('fits nothing to almost nothing', async () => {
    const lists = plantLists({ people: 7, listsPerPerson: 9, rows: 40, seed: 1, chance: both });
    expect(await fitRanker({ lists, features, seed: 1, pool: one })).toBeNull();
    const blank = plantLists({ ...shape, seed: 1, chance: () => 0 });
    expect(await fitRanker({ lists: blank, features, seed: 1, pool: one })).toBeNull();
  });
});
