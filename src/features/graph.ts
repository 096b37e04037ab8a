import type { Feature } from './feature.js';

/** How many short walks lead to the item from what the person liked lately; 0 to about 1, the root spreads the low end. */
export const graph: Feature = {
  name: 'graph',
  meaning: 'it is close to what you liked',
  personal: true,
  compute({ taste }, { items: candidates }, out) {
    for (let row = 0; row < candidates.length; row++) {
      out[row] = Math.sqrt(taste.graphScores.scoreOf(candidates[row] ?? 0));
    }
  },
};
