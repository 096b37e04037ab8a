import type { Feature } from './feature.js';

/** Closeness to the newest items the person liked, on a logarithmic scale. */
export const neighbours: Feature = {
  name: 'neighbours',
  meaning: 'it goes with what you liked lately',
  compute({ taste }, candidates, out) {
    for (let row = 0; row < candidates.length; row++) {
      out[row] = Math.log1p(taste.neighbourScores.get(candidates[row] ?? 0) ?? 0);
    }
  },
};
