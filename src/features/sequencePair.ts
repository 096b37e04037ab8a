import type { Feature } from './feature.js';

/** How often people met it soon after two of the things the person met last; square root to tell the low end apart. */
export const sequencePair: Feature = {
  name: 'sequence_pair',
  meaning: 'it often follows the last few things you met',
  personal: true,
  compute({ taste }, { items: candidates }, out) {
    for (let row = 0; row < candidates.length; row++) {
      out[row] = Math.sqrt(taste.following.pairs.scoreOf(candidates[row] ?? 0));
    }
  },
};
