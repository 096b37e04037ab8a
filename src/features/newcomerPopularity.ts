import type { Feature } from './feature.js';
import { newcomerShare } from './newcomers.js';
import { popularity } from './popularity.js';

/** Popularity while little is known of the person: it fades as their profile grows. 0 to about 1. */
export const newcomerPopularity: Feature = {
  name: 'newcomer_popularity',
  meaning: 'it is popular',
  personal: false,
  compute(request, candidates, out, earlier) {
    popularity.compute(request, candidates, out, earlier);
    const share = newcomerShare(request.taste.profile);
    for (let row = 0; row < out.length; row++) out[row] = share * (out[row] ?? 0);
  },
};
