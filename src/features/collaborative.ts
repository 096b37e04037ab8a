import type { Feature } from './feature.js';

/** How strongly people with a like history took to the item: the folded-in vector times the item's factors. */
export const collaborative: Feature = {
  name: 'collaborative',
  meaning: 'people with a taste like yours took to it',
  personal: true,
  compute({ taste, catalogue, factors }, { items }, out) {
    if (taste.vector === null) out.fill(0);
    else factors.multiply(catalogue.collaborative, taste.vector, items, out);
  },
};
