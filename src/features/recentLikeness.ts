import type { Feature } from './feature.js';

/** Cosine, in the space of the item factors, to what the person liked last; −1 to 1. */
export const recentLikeness: Feature = {
  name: 'recent_likeness',
  meaning: 'it is like what you liked last',
  personal: true,
  compute({ taste, catalogue }, { items: candidates }, out) {
    const { dimensions: d, itemFactors } = catalogue.collaborative;
    const { direction } = taste;
    for (let row = 0; row < candidates.length; row++) {
      const start = (candidates[row] ?? 0) * d;
      let product = 0;
      let square = 0;
      for (let k = 0; k < d; k++) {
        const factor = itemFactors[start + k] ?? 0;
        product += (direction?.[k] ?? 0) * factor;
        square += factor * factor;
      }
      out[row] = square > 0 ? product / Math.sqrt(square) : 0;
    }
  },
};
