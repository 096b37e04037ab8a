import { seededRandom } from '../../domain/random.js';
import type { KernelPool } from '../../kernels/pool.js';
import { chanceAboveZero } from '../evaluation/bootstrap.js';
import {
  featureFigures,
  listNdcg,
  logLossOfRate,
  positiveRate,
  type RankerFigures,
  rankerFigures,
} from '../evaluation/rankedLists.js';
import { foldPeople } from '../examples/folds.js';
import type { ReplayedList } from '../examples/rankerExamples.js';
import { toOnnx as logisticToOnnx } from '../export/onnxLogistic.js';
import { treesToOnnx } from '../export/onnxTrees.js';
import { fitLambdaMart, type LambdaMartParameters } from './lambdaMart.js';
import { fitLogisticRanker, type LogisticRanker } from './logisticRanker.js';
import { predict } from './logisticRegression.js';
import { judgeLater, LAMBDA_MART_DEFAULTS, type LaterJudgement, predictTrees } from './treeRanker.js';

/** With less than this nothing honest can be fitted; serving then uses its fixed formula. */
const MIN_PEOPLE = 8;
const MIN_POSITIVES = 40;
const FOLDS = 3;
const RESAMPLES = 1000;
/** How many steps `fitRanker` counts: the logistic regression, the trees of each fold, the trees of all lists. */
export const RANKER_STEPS = FOLDS + 2;
/** Trees serve when they beat the logistic regression in this share of resamples: with little data the simple model stays. */
const CONFIDENCE = 0.9;

export interface FittedRanker {
  /** One probability per row of features. */
  predict(matrix: Float32Array): Float64Array;
  /** The same as an ONNX model. */
  toOnnx(features: readonly string[]): Uint8Array;
  /** Out of sample: every list is judged by models fitted to other people's lists, earlier ones where time tells. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The ranker: the probability that a person takes to a candidate next. A logistic regression, or boosted trees on top of it
 * when they order the newest lists better beyond doubt. Null when there is too little to fit.
 */
export async function fitRanker(options: {
  readonly lists: readonly ReplayedList[];
  readonly seed: number;
  readonly pool: KernelPool;
  /** @default LAMBDA_MART_DEFAULTS */
  readonly parameters?: LambdaMartParameters;
  readonly onStep?: (done: number) => void;
}): Promise<FittedRanker | null> {
  const { lists, seed, pool, parameters = LAMBDA_MART_DEFAULTS, onStep } = options;
  const people = [...new Set(lists.map((list) => list.user))];
  const positives = lists.reduce((sum, list) => sum + list.labels.reduce((count, label) => count + label, 0), 0);
  if (people.length < MIN_PEOPLE || positives < MIN_POSITIVES) return null;
  const logistic = await fitLogisticRanker(lists, seed);
  const foldOf = foldPeople(people, FOLDS, seededRandom(seed));
  onStep?.(1);
  const onFold = (done: number) => onStep?.(1 + done);
  const later = await judgeLater({ lists, foldOf, folds: FOLDS, logistic, parameters, seed, pool, onFold });
  const chance = later === null ? 0 : chanceOfTrees(later, seed);
  const serveTrees = later !== null && later.treeCount > 0 && chance >= CONFIDENCE;
  const metrics = {
    'ranker.people': people.length,
    'ranker.lists': lists.length,
    ...prefixed(await figuresOf(lists, logistic, later, serveTrees)),
    'ranker.chanceTreesBetter': chance,
    'ranker.ridge': logistic.ridge,
    'ranker.trees': serveTrees ? later.treeCount : 0,
  };
  if (!serveTrees) {
    onStep?.(RANKER_STEPS);
    return {
      predict: (matrix) => predict(logistic.model, matrix),
      toOnnx: (features) => logisticToOnnx(logistic.model, features),
      metrics,
    };
  }
  const { ensemble } = await fitLambdaMart({
    lists,
    later: [],
    base: logistic.model,
    parameters: { ...parameters, trees: later.treeCount },
    seed,
    pool,
  });
  const { calibration } = later;
  onStep?.(RANKER_STEPS);
  return {
    predict: (matrix) => predictTrees({ ensemble, calibration }, matrix),
    toOnnx: (features) => treesToOnnx(ensemble, calibration, features),
    metrics,
  };
}

/** How sure it is that the trees order the later lists better than the logistic regression. */
function chanceOfTrees({ lists, logistic, trees }: LaterJudgement, seed: number): number {
  const nothing = new Float64Array(0);
  const differences = lists.flatMap((list, at) =>
    list.liked.size === 0
      ? []
      : [{ group: list.user, value: listNdcg(list, trees[at] ?? nothing) - listNdcg(list, logistic[at] ?? nothing) }],
  );
  return chanceAboveZero(differences, RESAMPLES, seededRandom(seed));
}

/** All figures are of the same lists: the later ones, or without order in time all of them. */
async function figuresOf(
  lists: readonly ReplayedList[],
  { judged }: LogisticRanker,
  later: LaterJudgement | null,
  serveTrees: boolean,
): Promise<Record<string, number>> {
  const among = later?.lists ?? lists;
  const ofLogistic = await rankerFigures(among, later?.logistic ?? judged);
  const ofTrees = later === null ? null : await rankerFigures(among, later.trees);
  return {
    judgedLists: among.length,
    positiveRate: positiveRate(among),
    logLossOfRate: logLossOfRate(among),
    ...(serveTrees && ofTrees !== null ? ofTrees : ofLogistic),
    ...suffixed('OfLogistic', ofLogistic),
    ...(ofTrees === null ? {} : suffixed('OfTrees', ofTrees)),
    ...(await featureFigures(among)),
  };
}

function suffixed(suffix: string, figures: RankerFigures): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${name}${suffix}`, Number(value)]));
}

function prefixed(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`ranker.${name}`, value]));
}
