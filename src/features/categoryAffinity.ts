import type { Feature } from './feature.js';

/** How much the person liked the item's category lately, -1 to 1. */
export const categoryAffinity: Feature = {
  name: 'category_affinity',
  meaning: 'it is in a category you like',
  personal: true,
  compute({ taste, catalogue }, { items: candidates }, out) {
    const { codes } = catalogue.items.category;
    for (let row = 0; row < candidates.length; row++) {
      const code = codes[candidates[row] ?? 0] ?? -1;
      out[row] = code < 0 ? 0 : (taste.categories[code] ?? 0);
    }
  },
};
