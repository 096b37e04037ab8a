import { declaredInterest } from './declaredInterest.js';
import type { Feature } from './feature.js';
import { newcomerShare } from './newcomers.js';

/** The same while little else is known of the person: it fades as their profile grows. 0 to 1. */
export const newcomerInterest: Feature = {
  name: 'newcomer_interest',
  meaning: declaredInterest.meaning,
  personal: true,
  compute(request, candidates, out, earlier) {
    declaredInterest.compute(request, candidates, out, earlier);
    const share = newcomerShare(request.taste.profile);
    for (let row = 0; row < out.length; row++) out[row] = share * (out[row] ?? 0);
  },
};
