import type { Feature } from './feature.js';

/** Closeness by co-visitation to the newest items the person liked; 0 to about 2, square root to tell the low end apart. */
export const neighbours: Feature = {
  name: 'neighbours',
  meaning: 'it goes with what you liked lately',
  personal: true,
  compute({ taste }, { items: candidates }, out) {
    for (let row = 0; row < candidates.length; row++) {
      out[row] = Math.sqrt(taste.neighbourScores.scoreOf(candidates[row] ?? 0));
    }
  },
};
