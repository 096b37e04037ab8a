import type { KernelPool } from '../../kernels/pool.js';
import { createScorer } from '../../kernels/scorer.js';
import { breathe } from '../breathe.js';
import type { ReplayedList } from '../examples/rankerExamples.js';
import type { ThinnedList } from '../examples/thinning.js';
import { type Calibration, calibrate, fitIsotonic, type ScoredRows } from './isotonic.js';
import { fitLambdaMart, type LambdaMartParameters } from './lambdaMart.js';
import type { LogisticRanker } from './logisticRanker.js';
import { predict } from './logisticRegression.js';
import { scoreTrees, type TreeEnsemble } from './trees/ensemble.js';

/** Strong regularisation and few splits: replayed lists hold few positives, and features that are good by themselves. */
export const LAMBDA_MART_DEFAULTS: LambdaMartParameters = {
  trees: 150,
  depth: 4,
  l2: 20,
  shrinkage: 0.08,
  binCount: 32,
  pointwise: 0.5,
  listShare: 0.7,
  featureShare: 0.8,
  patience: 15,
};

export interface TreeRanker {
  readonly ensemble: TreeEnsemble;
  readonly calibration: Calibration;
}

/** Both kinds of ranker on the newest lists, each list judged by models fitted to earlier lists of other people. */
export interface LaterJudgement {
  /** The newest lists. */
  readonly lists: readonly ReplayedList[];
  /** Per list: probabilities of the logistic regression, and of the trees (calibrated on the earlier lists). */
  readonly logistic: readonly Float64Array[];
  readonly trees: readonly Float64Array[];
  /**
   * Fitted to the scores of all lists, by trees that were grown on other people's. Not to the newest alone: what people
   * do after the log ends is missing from their labels.
   */
  readonly calibration: Calibration;
  /** How many trees did best, in the mean over the folds. */
  readonly treeCount: number;
}

/** Share of the lists that are judged, the newest ones; of the earlier ones, the share that decides when to stop. */
const LATER_SHARE = 1 / 3;
const STOPPING_SHARE = 1 / 4;

/** Null when the lists cannot be parted. `foldOf` has a fold from 0 to folds − 1 for each person. */
export async function judgeLater(options: {
  readonly lists: readonly ReplayedList[];
  readonly thinned: ReadonlyMap<ReplayedList, ThinnedList>;
  readonly foldOf: ReadonlyMap<number, number>;
  readonly folds: number;
  readonly logistic: LogisticRanker;
  readonly parameters: LambdaMartParameters;
  readonly seed: number;
  readonly pool: KernelPool;
  readonly onFold?: (done: number) => void;
}): Promise<LaterJudgement | null> {
  const { thinned, foldOf, folds, parameters, seed, pool, onFold } = options;
  const [earlier, later] = partInTime(options.lists, LATER_SHARE);
  if (earlier.length === 0) return null;
  const logistic: Float64Array[] = [];
  const scores = new Map<ReplayedList, Float32Array>();
  let treeCount = 0;
  for (let fold = 0; fold < folds; fold++) {
    const others = earlier.filter((list) => foldOf.get(list.user) !== fold);
    const [first, stopping] = partInTime(others, STOPPING_SHARE);
    if (first.length === 0) return null;
    const base = await options.logistic.refit(others, options.logistic.model);
    const { ensemble } = await fitLambdaMart({
      lists: first.flatMap((list) => thinned.get(list) ?? []),
      later: stopping.flatMap((list) => thinned.get(list) ?? []),
      base,
      parameters,
      seed,
      pool,
    });
    treeCount += ensemble.trees.length / folds;
    for (const [at, list] of later.entries()) {
      if (foldOf.get(list.user) === fold) logistic[at] = predict(base, list.matrix);
    }
    const scorer = createScorer({
      weights: Float32Array.from(base.weights),
      bias: base.bias,
      symmetricTrees: ensemble.trees,
      nodeTrees: [],
      link: 'identity',
    });
    for (const list of options.lists) {
      if (foldOf.get(list.user) === fold) scores.set(list, scorer.score(list.matrix, list.candidates.length));
    }
    onFold?.(fold + 1);
    await breathe();
  }
  const scored = (lists: readonly ReplayedList[]): ScoredRows[] =>
    lists.map((list) => ({ scores: scores.get(list) ?? [], labels: list.labels }));
  const known = await fitIsotonic(scored(earlier));
  const trees: Float64Array[] = [];
  for (const list of later) {
    trees.push(Float64Array.from(scores.get(list) ?? [], (score) => calibrate(known, score)));
    await breathe();
  }
  const calibration = await fitIsotonic(scored(options.lists));
  return { lists: later, logistic, trees, calibration, treeCount: Math.round(treeCount) };
}

/** One probability per row. */
export function predictTrees({ ensemble, calibration }: TreeRanker, matrix: Float32Array): Float64Array {
  return scoreTrees(ensemble, matrix).map((score) => calibrate(calibration, score));
}

/**
 * The older lists and the newest `share`; lists of one moment stay together, if need be among the newest. Where all are of
 * one moment none is older, and the last of them stand for the newest: `holdOut` gives them in random order.
 */
function partInTime(
  lists: readonly ReplayedList[],
  share: number,
): [earlier: readonly ReplayedList[], later: readonly ReplayedList[]] {
  const sorted = [...lists].sort((a, b) => a.now - b.now);
  let cut = Math.floor(sorted.length * (1 - share));
  if (sorted[0]?.now === sorted.at(-1)?.now) return [sorted.slice(0, cut), sorted.slice(cut)];
  while (cut > 0 && sorted[cut - 1]?.now === sorted[cut]?.now) cut--;
  return [sorted.slice(0, cut), sorted.slice(cut)];
}
