import { solveCholesky } from '../../features/foldIn.js';
import { breathe } from '../breathe.js';

/** A probability that is linear in its log-odds: bias + Σ weights · row, in the units of the rows. */
export interface LinearModel {
  readonly weights: Float64Array;
  readonly bias: number;
}

/** Rows of features, in pieces. */
export interface LabelledRows {
  /** Rows × width, row after row. */
  readonly matrix: Float32Array;
  /** 0 or 1 per row. */
  readonly labels: Uint8Array;
  /** How many rows a row stands for, itself included. @default 1 for each */
  readonly counts?: Float32Array;
}

export interface LogisticParameters {
  /** Strength of the prior, in rows' worth of information about each standardised weight. */
  readonly ridge: number;
  /** What a weight is, per standard deviation, as long as the data say nothing. */
  readonly prior: number;
}

const MAX_STEPS = 30;
/** Newton's error after a step is about the square of the step. */
const TOLERANCE = 1e-5;
const ROWS_PER_BREATH = 20_000;

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares) on standardised features, with a Gaussian
 * prior around a small positive weight. Weights are not negative: every feature says what speaks for an item, and among
 * correlated ones a negative weight only undoes another's work. A feature that never varies weighs nothing. `start` is a
 * model to begin from; the answer is the same without it.
 */
export async function fitLogistic(
  pieces: readonly LabelledRows[],
  width: number,
  parameters: LogisticParameters,
  start?: LinearModel,
): Promise<LinearModel> {
  const { means, scales } = moments(pieces, width);
  const free = new Set(Array.from(scales.keys()).filter((feature) => (scales[feature] ?? 0) > 0));
  const fitted = new Float64Array(width + 1);
  for (const feature of free) {
    fitted[feature] = start ? (start.weights[feature] ?? 0) * (scales[feature] ?? 0) : parameters.prior;
  }
  fitted[width] = start ? start.bias + shiftOf(start.weights, means) : logOdds(pieces);
  await newton(pieces, means, scales, free, parameters, fitted);
  // Active set: what comes out negative is taken out, the worst first, and the others are fitted again.
  for (let worst = mostNegative(fitted); worst >= 0; worst = mostNegative(fitted)) {
    free.delete(worst);
    fitted[worst] = 0;
    await newton(pieces, means, scales, free, parameters, fitted);
  }
  const weights = Float64Array.from(scales, (scale, k) => (scale > 0 ? (fitted[k] ?? 0) / scale : 0));
  return { weights, bias: (fitted[width] ?? 0) - shiftOf(weights, means) };
}

/** One probability per row. */
export function predict({ weights, bias }: LinearModel, matrix: Float32Array): Float64Array {
  const width = weights.length;
  return Float64Array.from({ length: matrix.length / width }, (_, row) => {
    let odds = bias;
    for (let k = 0; k < width; k++) odds += (weights[k] ?? 0) * (matrix[row * width + k] ?? 0);
    return 1 / (1 + Math.exp(-odds));
  });
}

function moments(pieces: readonly LabelledRows[], width: number): { means: Float64Array; scales: Float64Array } {
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  let rows = 0;
  for (const { matrix, labels, counts } of pieces) {
    for (let row = 0; row < labels.length; row++) {
      const count = counts?.[row] ?? 1;
      rows += count;
      for (let k = 0; k < width; k++) means[k] = (means[k] ?? 0) + count * (matrix[row * width + k] ?? 0);
    }
  }
  for (let k = 0; k < width; k++) means[k] = (means[k] ?? 0) / Math.max(1, rows);
  for (const { matrix, labels, counts } of pieces) {
    for (let row = 0; row < labels.length; row++) {
      const count = counts?.[row] ?? 1;
      for (let k = 0; k < width; k++) {
        squares[k] = (squares[k] ?? 0) + count * ((matrix[row * width + k] ?? 0) - (means[k] ?? 0)) ** 2;
      }
    }
  }
  const scales = squares.map((square, k) => {
    const scale = Math.sqrt(square / Math.max(1, rows));
    return scale > 1e-6 * Math.max(1e-3, Math.abs(means[k] ?? 0)) ? scale : 0;
  });
  return { means, scales };
}

function shiftOf(weights: Float64Array, means: Float64Array): number {
  return weights.reduce((sum, weight, k) => sum + weight * (means[k] ?? 0), 0);
}

/** Improves standardised weights, the bias last, in place; what is not free stays as it is. */
async function newton(
  pieces: readonly LabelledRows[],
  means: Float64Array,
  scales: Float64Array,
  free: ReadonlySet<number>,
  { ridge, prior }: LogisticParameters,
  weights: Float64Array,
): Promise<void> {
  const width = means.length;
  const size = width + 1;
  for (let step = 0; step < MAX_STEPS; step++) {
    const curvature = new Float64Array(size * size);
    const slope = new Float64Array(size);
    await accumulate(pieces, means, scales, free, weights, curvature, slope);
    for (let k = 0; k < width; k++) {
      if (free.has(k)) {
        slope[k] = (slope[k] ?? 0) - ridge * ((weights[k] ?? 0) - prior);
        curvature[k * size + k] = (curvature[k * size + k] ?? 0) + ridge;
      } else {
        for (let j = 0; j < size; j++) curvature[k * size + j] = curvature[j * size + k] = 0;
        curvature[k * size + k] = 1;
        slope[k] = 0;
      }
    }
    solveCholesky(curvature, slope, size);
    let largest = 0;
    for (const change of slope) largest = Math.max(largest, Math.abs(change));
    // Far from the optimum a whole Newton step can overshoot; one of length 2 in log-odds per deviation cannot.
    const damping = Math.min(1, 2 / Math.max(largest, 1e-12));
    for (let k = 0; k < size; k++) weights[k] = (weights[k] ?? 0) + damping * (slope[k] ?? 0);
    if (largest < TOLERANCE) break;
  }
}

/** Only what is free: the other weights are 0, and nobody reads their rows. Most of the time of a fit is spent here. */
async function accumulate(
  pieces: readonly LabelledRows[],
  means: Float64Array,
  scales: Float64Array,
  free: ReadonlySet<number>,
  weights: Float64Array,
  curvature: Float64Array,
  slope: Float64Array,
): Promise<void> {
  const width = means.length;
  const size = width + 1;
  // The free features, rising, and the bias.
  const places = Int32Array.from([...free, width]).sort();
  const count = places.length;
  const row = new Float64Array(count).fill(1);
  const inverse = scales.map((scale) => (scale > 0 ? 1 / scale : 0));
  const bends = new Float64Array(count * count);
  const pulls = new Float64Array(count);
  let sinceBreath = 0;
  for (const { matrix, labels, counts } of pieces) {
    for (let at = 0; at < labels.length; at++) {
      let odds = weights[width] ?? 0;
      for (let i = 0; i < count - 1; i++) {
        const k = places[i] ?? 0;
        const value = ((matrix[at * width + k] ?? 0) - (means[k] ?? 0)) * (inverse[k] ?? 0);
        row[i] = value;
        odds += (weights[k] ?? 0) * value;
      }
      const p = 1 / (1 + Math.exp(-odds));
      const stands = counts?.[at] ?? 1;
      const spread = stands * Math.max(p * (1 - p), 1e-10);
      const error = stands * ((labels[at] ?? 0) - p);
      for (let i = 0; i < count; i++) {
        const value = row[i] ?? 0;
        pulls[i] = (pulls[i] ?? 0) + error * value;
        const bend = spread * value;
        for (let j = 0, to = i * count; j <= i; j++, to++) bends[to] = (bends[to] ?? 0) + bend * (row[j] ?? 0);
      }
    }
    sinceBreath += labels.length;
    if (sinceBreath > ROWS_PER_BREATH) {
      sinceBreath = 0;
      await breathe();
    }
  }
  for (let i = 0; i < count; i++) {
    const k = places[i] ?? 0;
    slope[k] = pulls[i] ?? 0;
    for (let j = 0; j <= i; j++) curvature[k * size + (places[j] ?? 0)] = bends[i * count + j] ?? 0;
  }
}

function logOdds(pieces: readonly LabelledRows[]): number {
  let rows = 0;
  let positives = 0;
  for (const { labels, counts } of pieces) {
    for (let row = 0; row < labels.length; row++) {
      const count = counts?.[row] ?? 1;
      rows += count;
      positives += count * (labels[row] ?? 0);
    }
  }
  return Math.log((positives + 0.5) / (rows - positives + 0.5));
}

function mostNegative(fitted: Float64Array): number {
  let worst = -1;
  for (let k = 0; k < fitted.length - 1; k++) {
    if ((fitted[k] ?? 0) < (worst < 0 ? 0 : (fitted[worst] ?? 0))) worst = k;
  }
  return worst;
}
