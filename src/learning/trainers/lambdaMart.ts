import { type Random, seededRandom } from '../../domain/random.js';
import type { Arena } from '../../kernels/arena.js';
import type { KernelPool } from '../../kernels/pool.js';
import { allocateTreeRows, type TreeRows } from '../../kernels/trees.js';
import { breathe } from '../breathe.js';
import { leading } from '../evaluation/leading.js';
import type { LabelledRows, LinearModel } from './logisticRegression.js';
import { binRows, findCuts } from './trees/binning.js';
import { scoreLinear, type Tree, type TreeEnsemble } from './trees/ensemble.js';
import { type GrowthParameters, growTree } from './trees/growTree.js';
import { discount, type GradedList, idealDcg, type LambdaLoss, lambdaGradients } from './trees/lambdaGradients.js';

/** NDCG is cut at `truncation` where fitting stops, too. */
export interface LambdaMartParameters extends GrowthParameters, LambdaLoss {
  /** The most trees. */
  readonly trees: number;
  /** Bins per feature, at most 256. */
  readonly binCount: number;
  /** Share of the lists, and of the features, that each tree sees. */
  readonly listShare: number;
  readonly featureShare: number;
  /** Fitting stops when this many trees in a row did not improve on the best. */
  readonly patience: number;
}

/** Candidates that were one list, in any order. */
export interface RankingList extends LabelledRows {
  /** Per row: what it is worth to show it, 0 when nothing. Its label is 1 where this is above 0. */
  readonly gains: Float32Array;
}

export interface LambdaMartFit {
  readonly ensemble: TreeEnsemble;
  /** NDCG on the later lists after 0, 1, 2 … trees, by gains; empty without later lists. */
  readonly ndcg: readonly number[];
}

const MS_PER_PIECE = 5;

/**
 * LambdaMART (Burges 2010): boosted regression trees on the gradients of NDCG, grown from histograms of binned features (Ke
 * et al. 2017), starting from the scores of `base`. With lists of a later time to judge by, as many trees are kept as do
 * best on them, which may be none; without, all are. The same bits for the same seed, on any number of threads.
 */
export async function fitLambdaMart(options: {
  readonly lists: readonly RankingList[];
  readonly later: readonly RankingList[];
  readonly base: LinearModel;
  readonly parameters: LambdaMartParameters;
  readonly seed: number;
  readonly pool: KernelPool;
}): Promise<LambdaMartFit> {
  const { base, parameters, seed, pool } = options;
  // A list without anything to rank above the rest has no order to learn, though it says how rare success is.
  const lists = options.lists.filter((list) => parameters.pointwise > 0 || hasOrder(list));
  const later = options.later.filter(hasOrder);
  if (lists.length === 0) return { ensemble: { base, trees: [] }, ndcg: [] };
  const cuts = await findCuts(lists, base.weights.length, parameters.binCount);
  return pool.borrow(async (arena) => {
    const all = [...lists, ...later];
    const data = await loadRows(arena, all, cuts, base, parameters.binCount);
    const graded = gradedLists(all, parameters.truncation);
    const judged = graded.slice(lists.length);
    const fitted = graded.slice(0, lists.length);
    const random = seededRandom(seed);
    const trees: Tree[] = [];
    const ndcg = judged.length > 0 ? [await meanNdcg(judged, data.scores, parameters.truncation)] : [];
    let best = 0;
    while (trees.length < parameters.trees && (ndcg.length === 0 || trees.length - best < parameters.patience)) {
      const kept = new Set(draw(fitted.length, parameters.listShare, random));
      await setGradients(fitted, kept, data, parameters);
      const allowed = new Set(draw(cuts.length, parameters.featureShare, random));
      const tree = await growTree(pool, arena, data, cuts, allowed, parameters);
      // A full view that gains nothing will gain nothing again; a partial one may have been unlucky.
      if (tree === null && kept.size === fitted.length && allowed.size === cuts.length) break;
      trees.push(tree ?? STUMP);
      if (ndcg.length > 0) {
        ndcg.push(await meanNdcg(judged, data.scores, parameters.truncation));
        if ((ndcg.at(-1) ?? 0) > (ndcg[best] ?? 0)) best = trees.length;
      }
    }
    return { ensemble: { base, trees: ndcg.length > 0 ? trees.slice(0, best) : trees }, ndcg };
  });
}

/** A tree that says nothing. */
const STUMP: Tree = {
  features: Int32Array.of(-1),
  thresholds: new Float32Array(1),
  left: Int32Array.of(-1),
  right: Int32Array.of(-1),
  values: new Float32Array(1),
};

function hasOrder({ gains }: RankingList): boolean {
  return gains.some((gain) => gain !== gains[0]);
}

async function loadRows(
  arena: Arena,
  lists: readonly RankingList[],
  cuts: readonly Float32Array[],
  base: LinearModel,
  binCount: number,
): Promise<TreeRows> {
  const rows = lists.reduce((sum, list) => sum + list.labels.length, 0);
  const data = allocateTreeRows(arena, rows, cuts.length, binCount);
  await binRows(lists, cuts, data.bins, data.stride);
  let from = 0;
  for (const { matrix, labels } of lists) {
    data.scores.set(scoreLinear(base, matrix), from);
    from += labels.length;
    await breathe();
  }
  return data;
}

function gradedLists(lists: readonly RankingList[], truncation: number): GradedList[] {
  const gains = new Float32Array(lists.reduce((sum, list) => sum + list.gains.length, 0));
  let to = 0;
  return lists.map((list) => {
    const from = to;
    to += list.gains.length;
    gains.set(list.gains, from);
    return { from, to, gains, ideal: idealDcg(list.gains, truncation) };
  });
}

/** Gradients for the lists that were drawn; the others get none and so count for nothing. */
async function setGradients(
  lists: readonly GradedList[],
  kept: ReadonlySet<number>,
  { scores, gradients }: TreeRows,
  loss: LambdaLoss,
): Promise<void> {
  let began = performance.now();
  for (const [at, list] of lists.entries()) {
    if (kept.has(at)) lambdaGradients(list, scores, loss, gradients);
    else gradients.fill(0, 2 * list.from, 2 * list.to);
    if (performance.now() - began > MS_PER_PIECE) {
      await breathe();
      began = performance.now();
    }
  }
}

async function meanNdcg(lists: readonly GradedList[], scores: Float64Array, truncation: number): Promise<number> {
  let sum = 0;
  let began = performance.now();
  for (const { from, to, gains, ideal } of lists) {
    for (const [rank, row] of leading(scores, from, to, truncation).entries()) {
      sum += ((gains[row] ?? 0) * discount(rank)) / ideal;
    }
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
