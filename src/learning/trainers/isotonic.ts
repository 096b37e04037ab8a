import type { Curve } from '../../kernels/scorer.js';
import { breathe } from '../breathe.js';

/**
 * A rising piecewise-linear map from scores to probabilities, constant beyond its ends. Both arrays rise strictly and hold
 * float32 values, two at least.
 */
export interface Calibration {
  readonly scores: Float32Array;
  readonly probabilities: Float32Array;
}

/** Scores with their 0/1 labels. */
export interface ScoredRows {
  readonly scores: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
}

/** A mean of `y` at the mean place `x`. */
export interface WeightedPoint {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

const BINS = 2048;
/** Fewer rows than this do not make a point of the curve. */
const POINT_ROWS = 50;
/** Steeper than this per unit of score, the last bits of a float32 score would show. */
const MAX_SLOPE = 2;
/** No candidate is certain. */
const MOST = 0.9999;
/** What the ends rise by beyond the scores that were seen, so that no two scores become equal. */
const TAIL = 1e-3;
const ROWS_PER_BREATH = 20_000;

/**
 * Isotonic calibration: the rising step function nearest to the labels in squares (pool adjacent violators, Ayer et al. 1955;
 * Zadrozny and Elkan 2002), joined to a line through the centres of its steps, so that order survives within a step.
 * Time is linear in the rows.
 */
export async function fitIsotonic(pieces: readonly ScoredRows[]): Promise<Calibration> {
  const points = await binned(pieces);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return line(-1, 1, 0.5, 0.5);
  const steps = flattened(poolAdjacentViolators(points));
  const range = Math.max(1, last.x - first.x);
  const knots = [
    ...steps.slice(0, 1).map((step) => end(step, steps[1], first.x, points)),
    ...steps,
    ...steps.slice(-1).map((step) => end(step, steps.at(-2), last.x, points)),
  ];
  const low = knots[0]?.y ?? 0;
  const high = knots.at(-1)?.y ?? 1;
  return toCalibration([
    { x: first.x - range, y: low * (1 - TAIL) },
    ...knots,
    { x: last.x + range, y: high + (1 - high) * TAIL },
  ]);
}

/** The probability of a score. */
export function calibrate({ scores, probabilities }: Calibration, score: number): number {
  let low = 0;
  let high = scores.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((scores[middle] ?? 0) <= score) low = middle;
    else high = middle;
  }
  const [x, next] = [scores[low] ?? 0, scores[high] ?? 0];
  const [y, above] = [probabilities[low] ?? 0, probabilities[high] ?? 0];
  return y + ((above - y) * Math.min(Math.max(score - x, 0), next - x)) / (next - x);
}

/** The same map as pieces that add up. */
export function toCurve({ scores, probabilities }: Calibration): Curve {
  const count = scores.length - 1;
  const widths = Float32Array.from({ length: count }, (_, k) => (scores[k + 1] ?? 0) - (scores[k] ?? 0));
  return {
    lowest: probabilities[0] ?? 0,
    knots: scores.slice(0, count),
    widths,
    slopes: widths.map((width, k) => ((probabilities[k + 1] ?? 0) - (probabilities[k] ?? 0)) / width),
  };
}

/** The rising sequence nearest to the points in weighted squares; points that were pooled are one. `points` by rising x. */
export function poolAdjacentViolators(points: readonly WeightedPoint[]): WeightedPoint[] {
  const pooled: WeightedPoint[] = [];
  for (const point of points) {
    let current = point;
    for (let before = pooled.at(-1); before && before.y >= current.y; before = pooled.at(-1)) {
      current = merge(before, current);
      pooled.pop();
    }
    pooled.push(current);
  }
  return pooled;
}

function merge(a: WeightedPoint, b: WeightedPoint): WeightedPoint {
  const weight = a.weight + b.weight;
  return { weight, x: (a.x * a.weight + b.x * b.weight) / weight, y: (a.y * a.weight + b.y * b.weight) / weight };
}

/** Means over narrow bins of score, by rising score, each pulled to the overall rate by one row's weight. */
async function binned(pieces: readonly ScoredRows[]): Promise<WeightedPoint[]> {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  await forEachRow(pieces, (score) => {
    if (score < least) least = score;
    if (score > most) most = score;
  });
  const sums = new Float64Array(3 * BINS);
  const scale = most > least ? BINS / (most - least) : 0;
  let positives = 0;
  let rows = 0;
  await forEachRow(pieces, (score, label) => {
    const at = 3 * Math.min(BINS - 1, Math.floor((score - least) * scale));
    sums[at] = (sums[at] ?? 0) + 1;
    sums[at + 1] = (sums[at + 1] ?? 0) + score;
    sums[at + 2] = (sums[at + 2] ?? 0) + label;
    positives += label;
    rows++;
  });
  const groups: { weight: number; score: number; label: number }[] = [];
  for (let bin = 0; bin < BINS; bin++) {
    const [weight = 0, score = 0, label = 0] = sums.subarray(3 * bin, 3 * bin + 3);
    const before = groups.at(-1);
    if (weight === 0) continue;
    if (before && before.weight < POINT_ROWS) {
      before.weight += weight;
      before.score += score;
      before.label += label;
    } else groups.push({ weight, score, label });
  }
  return groups.map(({ weight, score, label }) => ({
    weight,
    x: score / weight,
    y: Math.min(MOST, (label + positives / rows) / (weight + 1)),
  }));
}

async function forEachRow(pieces: readonly ScoredRows[], visit: (score: number, label: number) => void): Promise<void> {
  let sinceBreath = 0;
  for (const { scores, labels } of pieces) {
    for (let row = 0; row < scores.length; row++) visit(scores[row] ?? 0, labels[row] ?? 0);
    sinceBreath += scores.length;
    if (sinceBreath > ROWS_PER_BREATH) {
      sinceBreath = 0;
      await breathe();
    }
  }
}

/** Merges steps until none rises too steeply from the one before. */
function flattened(steps: readonly WeightedPoint[]): WeightedPoint[] {
  const kept: WeightedPoint[] = [];
  for (const step of steps) {
    let current = step;
    for (let before = kept.at(-1); before && tooSteep(before, current); before = kept.at(-1)) {
      current = merge(before, current);
      kept.pop();
    }
    kept.push(current);
  }
  return kept;
}

function tooSteep(before: WeightedPoint, after: WeightedPoint): boolean {
  return after.y - before.y > MAX_SLOPE * (after.x - before.x);
}

/**
 * Where the curve ends at `x`: as far beyond the outermost step as the line to its neighbour takes away from the step on
 * the inner side, so that its mean stays.
 */
function end(
  step: WeightedPoint,
  inner: WeightedPoint | undefined,
  x: number,
  points: readonly WeightedPoint[],
): { x: number; y: number } {
  const outward = Math.sign(x - step.x);
  let taken = 0;
  let reach = 0;
  if (inner) {
    const slope = (inner.y - step.y) / (inner.x - step.x);
    for (const point of points) {
      const offset = (point.x - step.x) * outward;
      if (offset >= 0) reach += (point.weight * offset) / Math.abs(x - step.x || 1);
      else if ((point.x - inner.x) * outward > 0 && -offset < Math.abs(step.x - inner.x) / 2)
        taken -= point.weight * offset * slope;
    }
  }
  const least = 1e-3 * (outward < 0 ? step.y : 1 - step.y);
  const most = Math.min(MAX_SLOPE * Math.abs(x - step.x), outward < 0 ? step.y / 2 : MOST - step.y);
  const shift = reach > 0 ? taken / reach : 0;
  return { x, y: step.y + outward * Math.max(Math.min(least, most), Math.min(shift, most)) };
}

function line(fromX: number, toX: number, fromY: number, toY: number): Calibration {
  return { scores: Float32Array.of(fromX, toX), probabilities: Float32Array.of(fromY * (1 - TAIL), toY * (1 + TAIL)) };
}

/** Float32 knots; one that does not rise above the last one kept, in both, is left out. */
function toCalibration(knots: readonly { readonly x: number; readonly y: number }[]): Calibration {
  const scores: number[] = [];
  const probabilities: number[] = [];
  for (const { x, y } of knots) {
    const [score, probability] = [Math.fround(x), Math.fround(y)];
    if (score <= (scores.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
    if (probability <= (probabilities.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
    scores.push(score);
    probabilities.push(probability);
  }
  return { scores: Float32Array.from(scores), probabilities: Float32Array.from(probabilities) };
}
