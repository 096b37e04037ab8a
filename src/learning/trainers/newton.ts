import { solveCholesky } from '../../features/foldIn.js';

/** A Gaussian prior around the same weight for each standardised feature. */
export interface Prior {
  /** Its strength, in rows' worth of information about each standardised weight. */
  readonly ridge: number;
  /** What a weight is, per standard deviation, as long as the data say nothing. */
  readonly prior: number;
}

/** Adds slope and curvature (lower triangle) of the log-likelihood at these weights; only for what is free. */
export type Slopes = (
  weights: Float64Array,
  free: ReadonlySet<number>,
  curvature: Float64Array,
  slope: Float64Array,
) => Promise<void>;

const MAX_STEPS = 30;
/** Newton's error after a step is about the square of the step. */
const TOLERANCE = 1e-5;

/**
 * Maximises a concave log-likelihood with a prior by Newton's method, in place, under the condition that no weight is negative:
 * every feature says what speaks for an item, and among correlated ones a negative weight only undoes another's work.
 * Active set: what comes out negative is taken out, the worst first, and the others are fitted again. `unbound` are indices without
 * prior or bound, such as a bias.
 */
export async function maximise(
  weights: Float64Array,
  parts: {
    readonly free: Set<number>;
    readonly unbound: readonly number[];
    readonly prior: Prior;
    readonly slopes: Slopes;
  },
): Promise<void> {
  const { free, unbound } = parts;
  await climb(weights, parts);
  for (let worst = mostNegative(weights, unbound); worst >= 0; worst = mostNegative(weights, unbound)) {
    free.delete(worst);
    weights[worst] = 0;
    await climb(weights, parts);
  }
}

async function climb(
  weights: Float64Array,
  {
    free,
    unbound,
    prior: { ridge, prior },
    slopes,
  }: {
    readonly free: ReadonlySet<number>;
    readonly unbound: readonly number[];
    readonly prior: Prior;
    readonly slopes: Slopes;
  },
): Promise<void> {
  const size = weights.length;
  const wanted = new Set([...free, ...unbound]);
  for (let step = 0; step < MAX_STEPS; step++) {
    const curvature = new Float64Array(size * size);
    const slope = new Float64Array(size);
    await slopes(weights, wanted, curvature, slope);
    for (let k = 0; k < size; k++) {
      if (free.has(k)) {
        slope[k] = (slope[k] ?? 0) - ridge * ((weights[k] ?? 0) - prior);
        curvature[k * size + k] = (curvature[k * size + k] ?? 0) + ridge;
      } else if (!wanted.has(k)) {
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

function mostNegative(weights: Float64Array, unbound: readonly number[]): number {
  let worst = -1;
  for (let k = 0; k < weights.length; k++) {
    if (unbound.includes(k)) continue;
    if ((weights[k] ?? 0) < (worst < 0 ? 0 : (weights[worst] ?? 0))) worst = k;
  }
  return worst;
}
