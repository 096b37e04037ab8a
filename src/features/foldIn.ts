import type { CollaborativeModel } from '../registry/snapshot.js';
import type { Profile } from './profile.js';

/** How much more the newest item weighs than one from long ago (1 + RECENCY_BOOST to 1). */
const RECENCY_BOOST = 2;

/** Items that are added to the normal equations in one pass over them: twice as fast as one by one. */
const AT_ONCE = 4;

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
  for (let start = 0; start < profile.items.length; start += AT_ONCE) {
    weight += addObservations(left, right, model, profile, start);
  }
  const ridge = ridgeOf(model, weight, itemFactors.length / d);
  for (let i = 0; i < d; i++) left[i * d + i] = (left[i * d + i] ?? 0) + ridge;
  solveCholesky(left, right, d);
  return Float32Array.from(right);
}

/** Adds Σ |c| y yᵀ (lower triangle) and Σ₊ c y of up to four items from `start` on; answers Σ |c|. */
function addObservations(
  left: Float64Array,
  right: Float64Array,
  { dimensions: d, itemFactors }: CollaborativeModel,
  profile: Profile,
  start: number,
): number {
  const rows = new Float64Array(AT_ONCE * d);
  const end = Math.min(start + AT_ONCE, profile.items.length);
  let weight = 0;
  for (let place = start; place < end; place++) {
    const confidence = confidenceOf(profile.worth[place] ?? 0, profile.recency[place] ?? 0);
    const root = Math.sqrt(Math.abs(confidence));
    const from = (profile.items[place] ?? 0) * d;
    const to = (place - start) * d;
    for (let k = 0; k < d; k++) {
      const factor = itemFactors[from + k] ?? 0;
      rows[to + k] = root * factor;
      if (confidence > 0) right[k] = (right[k] ?? 0) + confidence * factor;
    }
    weight += Math.abs(confidence);
  }
  for (let i = 0; i < d; i++) {
    const a = rows[i] ?? 0;
    const b = rows[d + i] ?? 0;
    const c = rows[2 * d + i] ?? 0;
    const e = rows[3 * d + i] ?? 0;
    for (let j = 0; j <= i; j++) {
      left[i * d + j] =
        (left[i * d + j] ?? 0) +
        a * (rows[j] ?? 0) +
        b * (rows[d + j] ?? 0) +
        c * (rows[2 * d + j] ?? 0) +
        e * (rows[3 * d + j] ?? 0);
    }
  }
  return weight;
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
