import { breathe } from '../breathe.js';
import type { ReplayedList } from '../examples/rankerExamples.js';
import { leading } from './leading.js';
import { ndcgAt } from './metrics.js';
import { risingOrder } from './order.js';
import { areaUnderCurve, calibrationError, logLoss } from './probabilities.js';

/** Scores of a list's candidates; `at` is its place among the lists. */
export type ScoresOf = (list: ReplayedList, at: number) => ArrayLike<number>;

export interface RankerFigures {
  readonly ndcg10: number;
  readonly logLoss: number;
  readonly auc: number;
  readonly calibrationError: number;
}

/** Figures of a ranker that gives probabilities, over lists it has not seen. */
export async function rankerFigures(
  lists: readonly ReplayedList[],
  probabilities: readonly Float64Array[],
): Promise<RankerFigures> {
  const all = joined(probabilities);
  const labels = labelsOf(lists);
  const order = await risingOrder(all);
  return {
    ndcg10: meanNdcg(lists, (_, at) => probabilities[at] ?? new Float64Array(0)),
    logLoss: logLoss(all, labels),
    auc: areaUnderCurve(all, labels, order),
    calibrationError: calibrationError(all, labels, 10, order),
  };
}

/** How far `a` is ahead of `b` in NDCG@10 on the same lists, and the standard error of that. */
export interface Lead {
  readonly mean: number;
  readonly error: number;
}

/** What is drawn are people, with all of their lists: those of one person are no independent observations. */
export function leadOf(
  lists: readonly ReplayedList[],
  a: readonly ArrayLike<number>[],
  b: readonly ArrayLike<number>[],
): Lead {
  const sums = new Map<number, { sum: number; lists: number }>();
  for (const [at, list] of lists.entries()) {
    if (list.liked.size === 0) continue;
    const own = sums.get(list.user) ?? { sum: 0, lists: 0 };
    own.sum += listNdcg(list, a[at] ?? []) - listNdcg(list, b[at] ?? []);
    own.lists++;
    sums.set(list.user, own);
  }
  const people = [...sums.values()];
  const count = people.reduce((total, own) => total + own.lists, 0);
  if (count === 0) return { mean: 0, error: 0 };
  const mean = people.reduce((total, own) => total + own.sum, 0) / count;
  const square = people.reduce((total, own) => total + (own.sum - mean * own.lists) ** 2, 0);
  return { mean, error: Math.sqrt(square) / count };
}

/** NDCG@10 of each single feature as the ranker: `ndcg10OfCollaborative` and so on. */
export async function featureFigures(
  lists: readonly ReplayedList[],
  features: readonly string[],
): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const [place, name] of features.entries()) {
    figures[`ndcg10Of${pascal(name)}`] = meanNdcg(lists, (list) => column(list, place, features.length));
    await breathe();
  }
  return figures;
}

/** Log loss of promising everyone the mean rate. */
export function logLossOfRate(lists: readonly ReplayedList[]): number {
  const labels = labelsOf(lists);
  return logLoss(new Float64Array(labels.length).fill(positiveRate(lists)), labels);
}

export function positiveRate(lists: readonly ReplayedList[]): number {
  const labels = labelsOf(lists);
  return labels.reduce((sum, label) => sum + label, 0) / Math.max(1, labels.length);
}

/** NDCG@10 over lists after which something was taken to. */
export function meanNdcg(lists: readonly ReplayedList[], scoresOf: ScoresOf): number {
  let sum = 0;
  let count = 0;
  for (const [at, list] of lists.entries()) {
    if (list.liked.size === 0) continue;
    sum += listNdcg(list, scoresOf(list, at));
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** NDCG@10 of one list, candidates by falling score, then place. */
export function listNdcg({ candidates, liked }: ReplayedList, scores: ArrayLike<number>): number {
  const ranked = leading(scores, 0, candidates.length, 10).map((row) => candidates[row] ?? -1);
  return ndcgAt(10, ranked, liked);
}

export function labelsOf(lists: readonly ReplayedList[]): Float64Array {
  return joined(lists.map((list) => list.labels));
}

export function joined(parts: readonly ArrayLike<number>[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function column({ candidates, matrix }: ReplayedList, place: number, width: number): Float32Array {
  return Float32Array.from(candidates, (_, row) => matrix[row * width + place] ?? 0);
}

/** `tag_affinity` → `TagAffinity`. */
function pascal(name: string): string {
  return name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
