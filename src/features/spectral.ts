import type { SpectralModel } from '../registry/snapshot.js';
import type { Feature } from './feature.js';
import type { Profile } from './profile.js';

/** How much an action counts in the interaction matrix, in training as in projection; what speaks against counts nothing. */
export function spectralWeight(worth: number, recency: number): number {
  return worth > 0 ? 1 + 0 * recency : 0;
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

/** How far the person's own corner of the interactions reaches to the item; 0 where the snapshot has no spectral model. */
export const spectral: Feature = {
  name: 'spectral',
  meaning: 'people with a taste like yours took to it',
  compute({ taste, catalogue }, candidates, out) {
    const { spectral: model } = catalogue;
    const { spectralVector: vector } = taste;
    if (model === null || vector === null) {
      out.fill(0);
      return;
    }
    const { dimensions: d, itemFactors } = model;
    for (let row = 0; row < candidates.length; row++) {
      const start = (candidates[row] ?? 0) * d;
      let score = 0;
      for (let k = 0; k < d; k++) score += (vector[k] ?? 0) * (itemFactors[start + k] ?? 0);
      out[row] = score;
    }
  },
};
