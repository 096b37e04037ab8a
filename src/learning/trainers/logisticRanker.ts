import { seededRandom } from '../../domain/random.js';
import { breathe } from '../breathe.js';
import { logLoss } from '../evaluation/probabilities.js';
import { joined, labelsOf } from '../evaluation/rankedLists.js';
import { foldPeople } from '../examples/folds.js';
import type { ReplayedList } from '../examples/rankerExamples.js';
import type { ThinnedList } from '../examples/thinning.js';
import { fitListwise } from './listwiseRegression.js';
import { fitLogistic, type LinearModel, predict } from './logisticRegression.js';
import type { Prior } from './newton.js';

/** Strengths of the prior that compete. */
const RIDGES: readonly [number, ...number[]] = [10, 100, 1000];
/** Log-odds per standard deviation that every feature has before the data speak. */
const PRIOR = 0.1;
const FOLDS = 4;
/** Two parameters of thousands of rows need hardly any prior. */
const SURE: Prior = { ridge: 1, prior: 1 };

export interface LogisticRanker {
  readonly model: LinearModel;
  readonly ridge: number;
  /** Fits some of the lists with the same strength of the prior. `start` only saves time. */
  refit(lists: readonly ReplayedList[], start: LinearModel): Promise<LinearModel>;
  /** Per list: what a model of the same strength says that was fitted to other people's lists. */
  readonly judged: readonly Float64Array[];
}

/**
 * The probability that a person takes to a candidate next, linear in its log-odds, fitted to the order within lists. The strength of the prior is chosen by
 * cross-validation over people; the model is then fitted to all lists. What is fitted to are the thinned lists, what is
 * judged are whole ones.
 */
export async function fitLogisticRanker({
  lists,
  thinned,
  width,
  seed,
}: {
  readonly lists: readonly ReplayedList[];
  readonly thinned: ReadonlyMap<ReplayedList, ThinnedList>;
  /** Features of a candidate. */
  readonly width: number;
  readonly seed: number;
}): Promise<LogisticRanker> {
  const people = [...new Set(lists.map((list) => list.user))];
  const foldOf = foldPeople(people, FOLDS, seededRandom(seed));
  const fitTo = (some: readonly ReplayedList[], ridge: number, start?: LinearModel) =>
    fitInTwoSteps(
      some.flatMap((list) => thinned.get(list) ?? []),
      width,
      { ridge, prior: PRIOR },
      start,
    );
  const judged = await crossValidate(lists, fitTo, foldOf);
  const { ridge, probabilities } = judged.reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  return {
    model: await fitTo(lists, ridge),
    ridge,
    refit: (some, start) => fitTo(some, ridge, start),
    judged: probabilities,
  };
}

/** First the order within each list, then what the scores mean: the two parameters of Platt (1999). */
async function fitInTwoSteps(
  lists: readonly ThinnedList[],
  width: number,
  prior: Prior,
  start?: LinearModel,
): Promise<LinearModel> {
  const weights = await fitListwise(lists, width, prior, start?.weights);
  const scored = lists.map(({ matrix, labels, counts }) => ({ matrix: scores(weights, matrix), labels, counts }));
  const { weights: slope, bias } = await fitLogistic(scored, 1, SURE);
  return { weights: weights.map((weight) => weight * (slope[0] ?? 0)), bias };
}

function scores(weights: Float64Array, matrix: Float32Array): Float32Array {
  const width = weights.length;
  return Float32Array.from({ length: matrix.length / width }, (_, row) => {
    let score = 0;
    for (let k = 0; k < width; k++) score += (weights[k] ?? 0) * (matrix[row * width + k] ?? 0);
    return score;
  });
}

interface Judged {
  readonly ridge: number;
  readonly logLoss: number;
  /** Per list, in their order: one probability per candidate. */
  readonly probabilities: readonly Float64Array[];
}

/** Fitted to the thinned lists, judged on whole ones. One answer per ridge. */
async function crossValidate(
  lists: readonly ReplayedList[],
  fitTo: (some: readonly ReplayedList[], ridge: number, start?: LinearModel) => Promise<LinearModel>,
  foldOf: ReadonlyMap<number, number>,
): Promise<[Judged, ...Judged[]]> {
  const probabilities = new Map<number, Float64Array[]>(RIDGES.map((ridge) => [ridge, []]));
  // Each fit begins where the one before it ended: they are close to each other.
  let model: LinearModel | undefined;
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = lists.filter((list) => foldOf.get(list.user) !== fold);
    for (const ridge of RIDGES) {
      model = await fitTo(others, ridge, model);
      const judged = probabilities.get(ridge) ?? [];
      for (const [at, list] of lists.entries()) {
        if (foldOf.get(list.user) === fold) judged[at] = predict(model, list.matrix);
      }
      await breathe();
    }
  }
  const labels = labelsOf(lists);
  const judge = async (ridge: number): Promise<Judged> => {
    const judged = probabilities.get(ridge) ?? [];
    await breathe();
    return { ridge, probabilities: judged, logLoss: logLoss(joined(judged), labels) };
  };
  const [first, ...rest] = RIDGES;
  const answers: [Judged, ...Judged[]] = [await judge(first)];
  for (const ridge of rest) answers.push(await judge(ridge));
  return answers;
}
