import { declaredFit } from './declared.js';
import type { Feature } from './feature.js';

/** How well the item fits the interests the person declared, 0 to 1. */
export const declaredInterest: Feature = {
  name: 'declared_interest',
  meaning: 'it fits what you said you like',
  personal: true,
  compute({ taste, catalogue }, { items: candidates }, out) {
    for (let row = 0; row < candidates.length; row++) {
      out[row] = declaredFit(taste.declared, catalogue.items, candidates[row] ?? 0);
    }
  },
};
