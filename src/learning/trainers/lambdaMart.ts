import { type Random, seededRandom } from '../../domain/random.js';
import type { Arena } from '../../kernels/arena.js';
import type { KernelPool } from '../../kernels/pool.js';
import type { SymmetricTree } from '../../kernels/scorer.js';
import { allocateTreeRows, type TreeRows } from '../../kernels/trees.js';
import { breathe } from '../breathe.js';
import type { ThinnedList } from '../examples/thinning.js';
import type { LinearModel } from './logisticRegression.js';
import { binRows, findCuts } from './trees/binning.js';
import { scoreLinear, type TreeEnsemble } from './trees/ensemble.js';
import { type GrowthParameters, growTree } from './trees/growTree.js';
import { type GradedList, idealDcg, lambdaGradients, ndcgOf, rankRows } from './trees/lambdaGradients.js';

export interface LambdaMartParameters extends GrowthParameters {
  /** The most trees. */
  readonly trees: number;
  /** Bins per feature, at most 256. */
  readonly binCount: number;
  /** Weight of the log loss of each row beside that of its pairs. 0 for LambdaMART alone. */
  readonly pointwise: number;
  /** Share of the lists, and of the features, that each tree sees. */
  readonly listShare: number;
  readonly featureShare: number;
  /** Fitting stops when this many trees in a row did not improve on the best. */
  readonly patience: number;
}

export interface LambdaMartFit {
  readonly ensemble: TreeEnsemble;
  /** NDCG on the later lists after 0, 1, 2 … trees, by gains; empty without later lists. */
  readonly ndcg: readonly number[];
}

const MS_PER_PIECE = 5;

/**
 * LambdaMART (Burges 2010): boosted trees on the gradients of NDCG, grown from histograms of binned features (Ke et al. 2017),
 * starting from the scores of `base`. With lists of a later time to judge by, as many trees are kept as do best on them,
 * which may be none; without, all are. The same bits for the same seed, on any number of threads.
 */
export async function fitLambdaMart(options: {
  readonly lists: readonly ThinnedList[];
  readonly later: readonly ThinnedList[];
  readonly base: LinearModel;
  readonly parameters: LambdaMartParameters;
  readonly seed: number;
  readonly pool: KernelPool;
}): Promise<LambdaMartFit> {
  const { lists, base, parameters, seed, pool } = options;
  const later = options.later.filter(({ gains }) => idealDcg(gains) > 0);
  if (lists.length === 0) return { ensemble: { base, trees: [] }, ndcg: [] };
  const cuts = await findCuts(lists, base.weights.length, parameters.binCount);
  return pool.borrow(async (arena) => {
    const all = [...lists, ...later];
    const data = await loadRows(arena, all, cuts, base, parameters.binCount);
    const graded = gradedLists(all);
    const judged = graded.slice(lists.length);
    const fitted = graded.slice(0, lists.length);
    const random = seededRandom(seed);
    const trees: SymmetricTree[] = [];
    const ndcg = judged.length > 0 ? [await meanNdcg(judged, data.scores)] : [];
    let best = 0;
    while (trees.length < parameters.trees && (ndcg.length === 0 || trees.length - best < parameters.patience)) {
      const kept = new Set(draw(fitted.length, parameters.listShare, random));
      await setGradients(fitted, kept, data, parameters.pointwise);
      const allowed = draw(cuts.length, parameters.featureShare, random).sort((a, b) => a - b);
      const tree = await growTree(pool, arena, data, cuts, allowed, parameters);
      // A full view that gains nothing will gain nothing again; a partial one may have been unlucky.
      if (tree === null && kept.size === fitted.length && allowed.length === cuts.length) break;
      trees.push(tree ?? STUMP);
      if (ndcg.length > 0) {
        ndcg.push(await meanNdcg(judged, data.scores));
        if ((ndcg.at(-1) ?? 0) > (ndcg[best] ?? 0)) best = trees.length;
      }
    }
    return { ensemble: { base, trees: ndcg.length > 0 ? trees.slice(0, best) : trees }, ndcg };
  });
}

/** A tree that says nothing. */
const STUMP: SymmetricTree = {
  features: new Int32Array(0),
  thresholds: new Float32Array(0),
  values: new Float32Array(1),
};

async function loadRows(
  arena: Arena,
  lists: readonly ThinnedList[],
  cuts: readonly Float32Array[],
  base: LinearModel,
  binCount: number,
): Promise<TreeRows> {
  const rows = lists.reduce((sum, list) => sum + list.labels.length, 0);
  const data = allocateTreeRows(arena, rows, cuts.length, binCount);
  let from = 0;
  for (const [at, bins] of (await binRows(lists, cuts)).entries()) {
    const list = lists[at];
    if (list === undefined) continue;
    data.bins.set(bins, from * data.stride);
    data.scores.set(scoreLinear(base, list.matrix), from);
    from += list.labels.length;
  }
  return data;
}

function gradedLists(lists: readonly ThinnedList[]): GradedList[] {
  const rows = lists.reduce((sum, list) => sum + list.gains.length, 0);
  const gains = new Float32Array(rows);
  const labels = new Uint8Array(rows);
  const counts = new Float32Array(rows);
  const order = Int32Array.from(gains, (_, row) => row);
  const discounts = new Float64Array(rows);
  let to = 0;
  return lists.map((list) => {
    const from = to;
    to += list.gains.length;
    gains.set(list.gains, from);
    labels.set(list.labels, from);
    counts.set(list.counts, from);
    return { from, to, gains, labels, counts, ideal: idealDcg(list.gains), order, discounts };
  });
}

/** Gradients for the lists that were drawn; the others get none and so count for nothing. */
async function setGradients(
  lists: readonly GradedList[],
  kept: ReadonlySet<number>,
  { scores, gradients }: TreeRows,
  pointwise: number,
): Promise<void> {
  let began = performance.now();
  for (const [at, list] of lists.entries()) {
    if (kept.has(at)) {
      rankRows(list, scores);
      lambdaGradients(list, scores, pointwise, gradients);
    } else gradients.fill(0, 2 * list.from, 2 * list.to);
    if (performance.now() - began > MS_PER_PIECE) {
      await breathe();
      began = performance.now();
    }
  }
}

async function meanNdcg(lists: readonly GradedList[], scores: Float64Array): Promise<number> {
  let sum = 0;
  let began = performance.now();
  for (const list of lists) {
    rankRows(list, scores);
    sum += ndcgOf(list);
    if (performance.now() - began > MS_PER_PIECE) {
      await breathe();
      began = performance.now();
    }
  }
  return sum / lists.length;
}

/** A share of 0..count-1, at least one, without repetition. */
function draw(count: number, share: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, at) => ({ at, key: share < 1 ? random() : 0 }));
  return order
    .sort((a, b) => a.key - b.key || a.at - b.at)
    .slice(0, Math.max(1, Math.round(share * count)))
    .map(({ at }) => at);
}
