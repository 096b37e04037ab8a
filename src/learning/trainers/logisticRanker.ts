import { type Random, seededRandom } from '../../domain/random.js';
import { FEATURES } from '../../features/index.js';
import { ndcgAt } from '../evaluation/metrics.js';
import { areaUnderCurve, calibrationError, logLoss } from '../evaluation/probabilities.js';
import type { ReplayedList } from '../examples/rankerExamples.js';
import { fitLogistic, type LabelledRows, type LinearModel, predict } from './logisticRegression.js';

/** Strengths of the prior that compete. */
const RIDGES: readonly [number, ...number[]] = [10, 100, 1000];
/** Log-odds per standard deviation that every feature has before the data speak. */
const PRIOR = 0.1;
const FOLDS = 4;
/** Negatives that a list gives to the fit; each stands for as many as were left out. They differ little, and there are hundreds. */
const NEGATIVES_PER_LIST = 40;
/** With less than this nothing honest can be fitted; serving then uses its fixed formula. */
const MIN_PEOPLE = 8;
const MIN_POSITIVES = 40;

export interface FittedRanker {
  readonly model: LinearModel;
  readonly ridge: number;
  /** Out of sample: each list is judged by a model that was fitted to other people's lists. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The ranker: the probability that a person takes to a candidate next. The strength of the prior is chosen, and the figures
 * are taken, by cross-validation over people; the model is then fitted to all lists. Null when there is too little to fit.
 */
export async function fitRanker(lists: readonly ReplayedList[], seed: number): Promise<FittedRanker | null> {
  const people = [...new Set(lists.map((list) => list.user))];
  const positives = lists.reduce((sum, list) => sum + list.labels.reduce((count, label) => count + label, 0), 0);
  if (people.length < MIN_PEOPLE || positives < MIN_POSITIVES) return null;
  const random = seededRandom(seed);
  const foldOf = folds(people, random);
  const thinned = lists.map((list) => ({ user: list.user, rows: thin(list, random) }));
  const judged = await crossValidate(lists, thinned, foldOf);
  const best = judged.reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  const model = await fitLogistic(
    thinned.map(({ rows }) => rows),
    FEATURES.length,
    { ridge: best.ridge, prior: PRIOR },
  );
  return { model, ridge: best.ridge, metrics: metricsOf(lists, best) };
}

interface Judged {
  readonly ridge: number;
  readonly logLoss: number;
  /** Per list, in their order: one probability per candidate. */
  readonly probabilities: readonly Float64Array[];
}

/** Every positive of a list and a sample of its negatives, without replacement, weighted to stand for all (seeded). */
function thin({ matrix, labels }: ReplayedList, random: Random): LabelledRows {
  const width = FEATURES.length;
  const positives: number[] = [];
  const negatives: number[] = [];
  for (const [row, label] of labels.entries()) (label === 1 ? positives : negatives).push(row);
  const kept = Math.min(NEGATIVES_PER_LIST, negatives.length);
  for (let at = 0; at < kept; at++) {
    const other = at + Math.floor(random() * (negatives.length - at));
    [negatives[at], negatives[other]] = [negatives[other] ?? 0, negatives[at] ?? 0];
  }
  const rows = [...positives, ...negatives.slice(0, kept)];
  const thinned = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) thinned.set(matrix.subarray(row * width, (row + 1) * width), at * width);
  return {
    matrix: thinned,
    labels: Uint8Array.from(rows, (_, at) => (at < positives.length ? 1 : 0)),
    counts: Float32Array.from(rows, (_, at) => (at < positives.length ? 1 : negatives.length / kept)),
  };
}

/** Fitted to the thinned lists, judged on whole ones. One answer per ridge. */
async function crossValidate(
  lists: readonly ReplayedList[],
  thinned: readonly { readonly user: number; readonly rows: LabelledRows }[],
  foldOf: ReadonlyMap<number, number>,
): Promise<[Judged, ...Judged[]]> {
  const probabilities = new Map<number, Float64Array[]>(RIDGES.map((ridge) => [ridge, []]));
  // Each fit begins where the one before it ended: they are close to each other.
  let model: LinearModel | undefined;
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = thinned.filter(({ user }) => foldOf.get(user) !== fold).map(({ rows }) => rows);
    for (const ridge of RIDGES) {
      model = await fitLogistic(others, FEATURES.length, { ridge, prior: PRIOR }, model);
      const judged = probabilities.get(ridge) ?? [];
      for (const [at, list] of lists.entries()) {
        if (foldOf.get(list.user) === fold) judged[at] = predict(model, list.matrix);
      }
    }
  }
  const labels = labelsOf(lists);
  const judge = (ridge: number): Judged => {
    const judged = probabilities.get(ridge) ?? [];
    return { ridge, probabilities: judged, logLoss: logLoss(joined(judged), labels) };
  };
  const [first, ...rest] = RIDGES;
  return [judge(first), ...rest.map(judge)];
}

function metricsOf(lists: readonly ReplayedList[], judged: Judged): Record<string, number> {
  const all = joined(judged.probabilities);
  const labels = labelsOf(lists);
  const rate = labels.reduce((sum, label) => sum + label, 0) / Math.max(1, labels.length);
  return {
    'ranker.lists': lists.length,
    'ranker.people': new Set(lists.map((list) => list.user)).size,
    'ranker.positiveRate': rate,
    'ranker.logLoss': judged.logLoss,
    'ranker.logLossOfRate': logLoss(new Float64Array(labels.length).fill(rate), labels),
    'ranker.auc': areaUnderCurve(all, labels),
    'ranker.calibrationError': calibrationError(all, labels),
    'ranker.ndcg10': meanNdcg(lists, (_, at) => judged.probabilities[at] ?? new Float64Array(0)),
    'ranker.ndcg10OfCollaborative': meanNdcg(lists, (list) => column(list, 'collaborative')),
    'ranker.ndcg10OfNeighbours': meanNdcg(lists, (list) => column(list, 'neighbours')),
    'ranker.ndcg10OfPopularity': meanNdcg(lists, (list) => column(list, 'popularity')),
  };
}

/** Over lists after which something was taken to. */
function meanNdcg(
  lists: readonly ReplayedList[],
  scoresOf: (list: ReplayedList, at: number) => ArrayLike<number>,
): number {
  let sum = 0;
  let count = 0;
  for (const [at, list] of lists.entries()) {
    if (list.liked.size === 0) continue;
    const scores = scoresOf(list, at);
    const order = Array.from(list.candidates.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    const ranked = order.slice(0, 10).map((row) => list.candidates[row] ?? -1);
    sum += ndcgAt(10, ranked, list.liked);
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

function column(list: ReplayedList, name: string): Float32Array {
  const place = FEATURES.findIndex((feature) => feature.name === name);
  return Float32Array.from(list.candidates, (_, row) => list.matrix[row * FEATURES.length + place] ?? 0);
}

function folds(people: readonly number[], random: Random): Map<number, number> {
  const shuffled = people.map((person) => ({ person, key: random() })).sort((a, b) => a.key - b.key);
  return new Map(shuffled.map(({ person }, place) => [person, place % FOLDS]));
}

function labelsOf(lists: readonly ReplayedList[]): Float64Array {
  return joined(lists.map((list) => list.labels));
}

function joined(parts: readonly ArrayLike<number>[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
