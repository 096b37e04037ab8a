import type { Feature } from './feature.js';

/** Cosine, in the space of the item factors, to what the person liked last; −1 to 1. */
export const recentLikeness: Feature = {
  name: 'recent_likeness',
  meaning: 'it is like what you liked last',
  personal: true,
  compute({ taste, catalogue, factors }, { items }, out) {
    const { collaborative } = catalogue;
    if (taste.direction === null) {
      out.fill(0);
      return;
    }
    factors.multiply(collaborative, taste.direction, items, out);
    const lengths = factors.lengthsOf(collaborative);
    for (let row = 0; row < items.length; row++) {
      const length = lengths[items[row] ?? 0] ?? 0;
      out[row] = length > 0 ? (out[row] ?? 0) / length : 0;
    }
  },
};
