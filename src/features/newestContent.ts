import type { Feature } from './feature.js';

/** How much the item says what the item says that the person liked last: cosine, −1 to 1. */
export const newestContent: Feature = {
  name: 'content_newest',
  meaning: 'it is much like what you liked last',
  personal: true,
  compute({ taste, catalogue, factors }, { items }, out) {
    if (catalogue.content === null || taste.newestContent === null) out.fill(0);
    else factors.multiply(catalogue.content, taste.newestContent, items, out);
  },
};
