import { seededRandom } from '../../domain/random.js';
import type { KernelPool } from '../../kernels/pool.js';
import { breathe } from '../breathe.js';
import {
  featureFigures,
  leadOf,
  logLossOfRate,
  positiveRate,
  type RankerFigures,
  rankerFigures,
} from '../evaluation/rankedLists.js';
import { foldPeople } from '../examples/folds.js';
import type { ReplayedList } from '../examples/rankerExamples.js';
import { type ThinnedList, thinList } from '../examples/thinning.js';
import { toOnnx as logisticToOnnx } from '../export/onnxLogistic.js';
import { treesToOnnx } from '../export/onnxTrees.js';
import { fitLambdaMart, type LambdaMartParameters } from './lambdaMart.js';
import { fitLogisticRanker } from './logisticRanker.js';
import { predict } from './logisticRegression.js';
import { judgeLater, LAMBDA_MART_DEFAULTS, predictTrees } from './treeRanker.js';

/** With less than this nothing honest can be fitted; serving then uses its fixed formula. */
const MIN_PEOPLE = 8;
const MIN_POSITIVES = 40;
const FOLDS = 3;
/** How many steps `fitRanker` counts: the logistic regression, the trees of each fold, the trees of all lists. */
export const RANKER_STEPS = FOLDS + 2;

export interface FittedRanker {
  /** One probability per row of features. */
  predict(matrix: Float32Array): Float64Array;
  /** The same as an ONNX model. */
  toOnnx(): Uint8Array;
  /** Out of sample: every list is judged by models fitted to other people's lists, earlier ones where time tells. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The ranker: the probability that a person takes to a candidate next. A logistic regression, or boosted trees on top of it
 * when they order the newest lists better; where neither does, the simple model stays. Null when there is too little to fit.
 */
export async function fitRanker(options: {
  readonly lists: readonly ReplayedList[];
  /** Names of the columns of the lists' matrices. */
  readonly features: readonly string[];
  readonly seed: number;
  readonly pool: KernelPool;
  /** @default LAMBDA_MART_DEFAULTS */
  readonly parameters?: LambdaMartParameters;
  readonly onStep?: (done: number) => void;
}): Promise<FittedRanker | null> {
  const { lists, features, seed, pool, parameters = LAMBDA_MART_DEFAULTS, onStep } = options;
  const people = [...new Set(lists.map((list) => list.user))];
  const positives = lists.reduce((sum, list) => sum + list.labels.reduce((count, label) => count + label, 0), 0);
  if (people.length < MIN_PEOPLE || positives < MIN_POSITIVES) return null;
  const thinned = await thinAll(lists, seed);
  const logistic = await fitLogisticRanker({ lists, thinned, width: features.length, seed });
  onStep?.(1);
  const later = await judgeLater({
    lists,
    thinned,
    foldOf: foldPeople(people, FOLDS, seededRandom(seed)),
    folds: FOLDS,
    logistic,
    parameters,
    seed,
    pool,
    onFold: (done) => onStep?.(1 + done),
  });
  const judged = later?.lists ?? lists;
  const ofLogistic = await rankerFigures(judged, later?.logistic ?? logistic.judged);
  const ofTrees = later === null ? null : await rankerFigures(judged, later.trees);
  const lead = later === null ? { mean: 0, error: 0 } : leadOf(judged, later.trees, later.logistic);
  const serveTrees = later !== null && later.treeCount > 0 && lead.mean > 0;
  const metrics = prefixed({
    people: people.length,
    lists: lists.length,
    judgedLists: judged.length,
    positiveRate: positiveRate(judged),
    logLossOfRate: logLossOfRate(judged),
    ...(serveTrees ? ofTrees : ofLogistic),
    ...suffixed('OfLogistic', ofLogistic),
    ...(ofTrees === null ? {} : suffixed('OfTrees', ofTrees)),
    leadOfTrees: lead.mean,
    leadOfTreesError: lead.error,
    ...(await featureFigures(judged, features)),
    ridge: logistic.ridge,
    trees: serveTrees ? later.treeCount : 0,
  });
  if (!serveTrees) {
    onStep?.(RANKER_STEPS);
    return {
      predict: (matrix) => predict(logistic.model, matrix),
      toOnnx: () => logisticToOnnx(logistic.model, features),
      metrics,
    };
  }
  const { calibration, treeCount } = later;
  const { ensemble } = await fitLambdaMart({
    lists: [...thinned.values()],
    later: [],
    base: logistic.model,
    parameters: { ...parameters, trees: treeCount },
    seed,
    pool,
  });
  onStep?.(RANKER_STEPS);
  return {
    predict: (matrix) => predictTrees({ ensemble, calibration }, matrix),
    toOnnx: () => treesToOnnx(ensemble, calibration, features),
    metrics,
  };
}

async function thinAll(lists: readonly ReplayedList[], seed: number): Promise<Map<ReplayedList, ThinnedList>> {
  const random = seededRandom(seed);
  const thinned = new Map<ReplayedList, ThinnedList>();
  for (const list of lists) {
    thinned.set(list, thinList(list, random));
    if (thinned.size % 100 === 0) await breathe();
  }
  return thinned;
}

function suffixed(suffix: string, figures: RankerFigures): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${name}${suffix}`, Number(value)]));
}

function prefixed(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`ranker.${name}`, value]));
}
