import type { CollaborativeModel } from '../registry/snapshot.js';
import type { Profile } from './profile.js';

/** How much more the newest item weighs than one from long ago (1 + RECENCY_BOOST to 1). */
const RECENCY_BOOST = 2;

/** How much an observation counts in implicit ALS, in training as in fold-in; its sign is the sign of its worth. */
export function confidenceOf(worth: number, recency: number): number {
  return worth * (1 + RECENCY_BOOST * recency);
}

/** The ridge of one row: `weight` is Σ|c| over its observations, `others` the number of rows of the other side. */
export function ridgeOf(
  { unobservedWeight, regularization, frequencyExponent }: AlsObjective,
  weight: number,
  others: number,
): number {
  return regularization * (weight + unobservedWeight * others) ** frequencyExponent;
}

/** The constants of the objective, see `CollaborativeModel`. */
export type AlsObjective = Pick<CollaborativeModel, 'unobservedWeight' | 'regularization' | 'frequencyExponent'>;

/**
 * The person's vector, solved from what they did against the item factors: one row of implicit ALS
 * (Hu, Koren, Volinsky 2008) with frequency-scaled regularisation (Rendle et al. 2021), frequency counted in weight:
 *
 *     (α₀ G + Σ |c| y yᵀ + λ (Σ |c| + α₀ N)^ν I) x = Σ₊ c y
 *
 * An item the person turned down enters on the left only: it is observed, and its target is 0.
 * Null when nothing the model knows was done. Costs about n·d²/2 multiplications.
 */
export function foldIn(model: CollaborativeModel, profile: Profile): Float32Array | null {
  const { dimensions: d, itemFactors, gram, unobservedWeight } = model;
  if (profile.items.length === 0) return null;
  const left = new Float64Array(d * d);
  const right = new Float64Array(d);
  for (let i = 0; i < left.length; i++) left[i] = unobservedWeight * (gram[i] ?? 0);
  let weight = 0;
  for (let place = 0; place < profile.items.length; place++) {
    const confidence = confidenceOf(profile.worth[place] ?? 0, profile.recency[place] ?? 0);
    weight += Math.abs(confidence);
    addObservation(left, right, itemFactors, (profile.items[place] ?? 0) * d, d, confidence);
  }
  const ridge = ridgeOf(model, weight, itemFactors.length / d);
  for (let i = 0; i < d; i++) left[i * d + i] = (left[i * d + i] ?? 0) + ridge;
  solveCholesky(left, right, d);
  return Float32Array.from(right);
}

function addObservation(
  left: Float64Array,
  right: Float64Array,
  factors: Float32Array,
  row: number,
  d: number,
  confidence: number,
): void {
  const weight = Math.abs(confidence);
  for (let i = 0; i < d; i++) {
    const scaled = weight * (factors[row + i] ?? 0);
    if (confidence > 0) right[i] = (right[i] ?? 0) + scaled;
    for (let j = 0; j <= i; j++) left[i * d + j] = (left[i * d + j] ?? 0) + scaled * (factors[row + j] ?? 0);
  }
}

/** Solves A x = b in place for symmetric positive definite A (lower triangle read); b becomes x. */
export function solveCholesky(a: Float64Array, b: Float64Array, d: number): void {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * d + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (a[i * d + k] ?? 0) * (a[j * d + k] ?? 0);
      if (i !== j) a[i * d + j] = sum / (a[j * d + j] ?? 1);
      else if (sum > 0) a[i * d + i] = Math.sqrt(sum);
      else throw new RangeError(`solveCholesky: the matrix is not positive definite at row ${i}`);
    }
  }
  for (let i = 0; i < d; i++) {
    let sum = b[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (a[i * d + k] ?? 0) * (b[k] ?? 0);
    b[i] = sum / (a[i * d + i] ?? 1);
  }
  for (let i = d - 1; i >= 0; i--) {
    let sum = b[i] ?? 0;
    for (let k = i + 1; k < d; k++) sum -= (a[k * d + i] ?? 0) * (b[k] ?? 0);
    b[i] = sum / (a[i * d + i] ?? 1);
  }
}
