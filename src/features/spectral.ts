import type { SpectralModel } from '../registry/snapshot.js';
import { confidenceOf } from './foldIn.js';
import type { Profile } from './profile.js';

/** What an interaction counts in the matrix, in training as in projection: its confidence, or 0 where it speaks against. */
export function spectralWeight(worth: number, recency: number): number {
  return Math.max(0, confidenceOf(worth, recency));
}

/**
 * A person's place among the items of the spectral model: their row of the normalised interaction matrix, projected on
 * the singular vectors. One pass over what they did; its inner product with the factors of an item is the item's score.
 * Null when nothing the model knows speaks for anything.
 */
export function projectSpectral(
  { dimensions: d, itemFactors, inputScale }: SpectralModel,
  { items, worth, recency }: Profile,
): Float32Array | null {
  const sum = new Float64Array(d);
  let mass = 0;
  for (let place = 0; place < items.length; place++) {
    const weight = spectralWeight(worth[place] ?? 0, recency[place] ?? 0);
    const item = items[place] ?? 0;
    const scale = weight * (inputScale[item] ?? 0);
    if (scale === 0) continue;
    mass += weight;
    for (let k = 0; k < d; k++) sum[k] = (sum[k] ?? 0) + scale * (itemFactors[item * d + k] ?? 0);
  }
  return mass > 0 ? Float32Array.from(sum, (value) => value / Math.sqrt(mass)) : null;
}
