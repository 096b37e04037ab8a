import type { Feature } from './feature.js';
import { popularity } from './popularity.js';

/** After this many items popularity says half as much. */
const HALF_KNOWN_ITEMS = 5;

/** Popularity while little is known of the person: it fades as their profile grows. 0 to 1. */
export const newcomerPopularity: Feature = {
  name: 'newcomer_popularity',
  meaning: 'it is popular',
  personal: false,
  compute(request, candidates, out) {
    popularity.compute(request, candidates, out);
    const share = HALF_KNOWN_ITEMS / (HALF_KNOWN_ITEMS + request.taste.profile.items.length);
    for (let row = 0; row < out.length; row++) out[row] = share * (out[row] ?? 0);
  },
};
