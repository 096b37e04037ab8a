import type { Feature } from './feature.js';

/** How often people met it soon after what the person met last; square root to tell the low end apart. */
export const sequence: Feature = {
  name: 'sequence',
  meaning: 'it often follows what you met last',
  personal: true,
  compute({ taste }, { items: candidates }, out) {
    for (let row = 0; row < candidates.length; row++) {
      out[row] = Math.sqrt(taste.following.items.scoreOf(candidates[row] ?? 0));
    }
  },
};
