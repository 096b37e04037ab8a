import type { Feature } from './feature.js';

/** How much the item says what the items say that the person liked lately: cosine, −1 to 1. */
export const contentAffinity: Feature = {
  name: 'content',
  meaning: 'it is the kind of thing you like',
  personal: true,
  compute({ taste, catalogue, factors }, { items }, out) {
    if (catalogue.content === null || taste.contentVector === null) out.fill(0);
    else factors.multiply(catalogue.content, taste.contentVector, items, out);
  },
};
