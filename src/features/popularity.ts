import type { Feature } from './feature.js';

/** Decayed popularity, 0 to 1, square root to tell the middle apart. */
export const popularity: Feature = {
  name: 'popularity',
  meaning: 'it is popular',
  compute({ catalogue }, candidates, out) {
    for (let row = 0; row < candidates.length; row++) {
      out[row] = Math.sqrt(catalogue.popularPrior[candidates[row] ?? 0] ?? 0);
    }
  },
};
