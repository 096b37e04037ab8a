import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/random.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { meanNdcg } from '../../src/learning/evaluation/rankedLists.js';
import type { ReplayedList } from '../../src/learning/examples/rankerExamples.js';
import { thinList } from '../../src/learning/examples/thinning.js';
import { fitLambdaMart, type LambdaMartParameters } from '../../src/learning/trainers/lambdaMart.js';
import { fitLogistic, predict } from '../../src/learning/trainers/logisticRegression.js';
import { scoreTrees, type TreeEnsemble } from '../../src/learning/trainers/trees/ensemble.js';
import { linear, plantLists, step, WIDTH, xor } from './plantedLists.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

const flat = { weights: new Float64Array(WIDTH), bias: 0 };
const parameters: LambdaMartParameters = {
  trees: 60,
  depth: 3,
  l2: 1,
  shrinkage: 0.15,
  binCount: 32,
  pointwise: 0,
  listShare: 0.8,
  featureShare: 1,
  patience: 20,
};
const shape = { people: 40, listsPerPerson: 5, rows: 60 };

const thinned = (lists: readonly ReplayedList[]) => {
  const random = seededRandom(1);
  return lists.map((list) => thinList(list, random));
};
const trained = (lists: readonly ReplayedList[], later: readonly ReplayedList[] = [], pool = one) =>
  fitLambdaMart({ lists: thinned(lists), later: thinned(later), base: flat, parameters, seed: 1, pool });
const ndcg = (lists: readonly ReplayedList[], ensemble: TreeEnsemble) =>
  meanNdcg(lists, ({ matrix }) => scoreTrees(ensemble, matrix));

describe('fitLambdaMart', () => {
  it.each([
    ['an exclusive or of two features', xor],
    ['a step', step],
  ])('recovers %s, which no logistic regression can', async (_, chance) => {
    const lists = plantLists({ ...shape, seed: 1, chance });
    const others = plantLists({ ...shape, seed: 2, chance });
    const best = meanNdcg(others, ({ matrix, candidates }) =>
      Float64Array.from(candidates, (row) => chance(matrix.subarray(row * WIDTH, (row + 1) * WIDTH))),
    );
    const line = await fitLogistic(lists, WIDTH, { ridge: 10, prior: 0 });
    const ofLine = meanNdcg(others, ({ matrix }) => predict(line, matrix));
    const { ensemble } = await trained(lists);
    expect(ndcg(others, ensemble)).toBeGreaterThan(ofLine + 0.8 * (best - ofLine));
    expect(best).toBeGreaterThan(ofLine + 0.05);
  });

  it('stops on the later lists: where there is nothing but noise early, where there is structure late', async () => {
    const noise = (seed: number) => plantLists({ ...shape, seed, chance: () => 0.05 });
    const nothing = await trained(noise(1), noise(2));
    expect(nothing.ndcg.length - 1).toBeLessThan(parameters.trees);
    expect(nothing.ensemble.trees.length).toBe(nothing.ndcg.indexOf(Math.max(...nothing.ndcg)));
    expect(nothing.ndcg.length - 1).toBe(nothing.ensemble.trees.length + parameters.patience);
    const found = await trained(
      plantLists({ ...shape, seed: 1, chance: xor }),
      plantLists({ ...shape, seed: 2, chance: xor }),
    );
    const gained = ({ ndcg }: typeof found) => Math.max(...ndcg) - (ndcg[0] ?? 0);
    expect(gained(found)).toBeGreaterThan(gained(nothing) + 0.05);
    expect(Math.max(...found.ndcg)).toBe(found.ndcg[found.ensemble.trees.length]);
  });

  it('starts from its base, and keeps it where the base is all there is', async () => {
    const lists = plantLists({ ...shape, seed: 1, chance: linear });
    const base = await fitLogistic(lists, WIDTH, { ridge: 10, prior: 0 });
    const { ensemble } = await fitLambdaMart({
      lists: thinned(lists),
      later: [],
      base,
      parameters: { ...parameters, trees: 0 },
      seed: 1,
      pool: one,
    });
    const { matrix = new Float32Array(0) } = lists[0] ?? {};
    const odds = predict(base, matrix).map((p) => Math.log(p / (1 - p)));
    for (const [row, score] of scoreTrees(ensemble, matrix).entries()) expect(score).toBeCloseTo(odds[row] ?? 0, 6);
  });

  it('gives the same bits for the same seed, on any number of threads, and others for another', async () => {
    const lists = plantLists({ people: 30, listsPerPerson: 10, rows: 150, seed: 4, chance: xor });
    const first = await trained(lists.slice(0, 240), lists.slice(240));
    expect(first.ensemble.trees.length).toBeGreaterThan(0);
    expect(await trained(lists.slice(0, 240), lists.slice(240), three)).toEqual(first);
    const other = await fitLambdaMart({ lists: thinned(lists), later: [], base: flat, parameters, seed: 2, pool: one });
    expect(other.ensemble).not.toEqual((await trained(lists)).ensemble);
  });

  it('learns graded order: what is worth more comes first', async () => {
    // Everything with a large first feature is liked; the second tells a share from a like.
    const grade = (list: ReplayedList): ReplayedList => ({
      ...list,
      gains: list.gains.map((gain, row) => (gain === 0 ? 0 : (list.matrix[row * WIDTH + 1] ?? 0) > 0 ? 5 : 3)),
    });
    const chance = (row: Float32Array) => ((row[0] ?? 0) > 1 ? 0.5 : 0.01);
    const lists = plantLists({ ...shape, seed: 1, chance }).map(grade);
    const { ensemble } = await trained(lists);
    const row = (first: number, second: number) =>
      Float32Array.from({ length: WIDTH }, (_, k) => [first, second][k] ?? 0);
    const score = (first: number, second: number) => scoreTrees(ensemble, row(first, second))[0] ?? 0;
    expect(score(2, 1)).toBeGreaterThan(score(2, -1));
    expect(score(2, -1)).toBeGreaterThan(score(-1, -1));
  });

  it('survives no list, one list, labels of one kind, and features that never vary', async () => {
    const lists = plantLists({ people: 1, listsPerPerson: 1, rows: 30, seed: 3, chance: xor });
    const constant = lists.map((list) => ({ ...list, matrix: list.matrix.map(() => 1) }));
    const labelled = (label: 0 | 1) =>
      lists.map((list) => ({ ...list, labels: list.labels.map(() => label), gains: list.gains.map(() => label) }));
    for (const given of [[], lists, constant, labelled(0), labelled(1)]) {
      for (const later of [[], given]) {
        const { ensemble } = await trained(given, later);
        for (const { matrix } of given) expect(scoreTrees(ensemble, matrix).every(Number.isFinite)).toBe(true);
      }
    }
  });
});
