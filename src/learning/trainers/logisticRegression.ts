import { breathe } from '../breathe.js';
import { maximise, type Prior, type Slopes } from './newton.js';
import { type LabelledRows, type Moments, moments, varying } from './standardise.js';

/** A probability that is linear in its log-odds: bias + Σ weights · row, in the units of the rows. */
export interface LinearModel {
  readonly weights: Float64Array;
  readonly bias: number;
}

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
  prior: Prior,
  start?: LinearModel,
): Promise<LinearModel> {
  const standard = moments(pieces, width);
  const { means, scales } = standard;
  const free = varying(scales);
  const fitted = new Float64Array(width + 1);
  for (const feature of free) {
    fitted[feature] = start ? (start.weights[feature] ?? 0) * (scales[feature] ?? 0) : prior.prior;
  }
  fitted[width] = start ? start.bias + shiftOf(start.weights, means) : logOdds(pieces);
  await maximise(fitted, { free, unbound: [width], prior, slopes: slopesOf(pieces, standard) });
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

function shiftOf(weights: Float64Array, means: Float64Array): number {
  return weights.reduce((sum, weight, k) => sum + weight * (means[k] ?? 0), 0);
}

/** Only what is free: the other weights are 0, and nobody reads their rows. Most of the time of a fit is spent here. */
function slopesOf(pieces: readonly LabelledRows[], { means, scales }: Moments): Slopes {
  const width = means.length;
  const size = width + 1;
  return async (weights, free, curvature, slope) => {
    // The bias is the last of them.
    const places = Int32Array.from(free).sort();
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
  };
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
