import type { Feature } from './feature.js';
import { newcomerShare, popularityFor } from './newcomers.js';

/** A thousandth of the most popular item's popularity is where differences start to count. */
const FLOOR = 1e-3;
const RANGE = Math.log1p(1 / FLOOR);

/**
 * Decayed popularity on a logarithmic scale: 1 for the most popular item, 0 for one that nobody took to. For someone of
 * whom little is known it is that with newcomers.
 */
export const popularity: Feature = {
  name: 'popularity',
  meaning: 'it is popular',
  personal: false,
  compute({ taste, catalogue, setting }, { items: candidates }, out) {
    const popularityOf = popularityFor(newcomerShare(taste.profile), catalogue, setting);
    for (let row = 0; row < candidates.length; row++) {
      out[row] = Math.log1p(popularityOf(candidates[row] ?? 0) / FLOOR) / RANGE;
    }
  },
};
