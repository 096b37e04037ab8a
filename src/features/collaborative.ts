import type { Feature } from './feature.js';

/** How strongly people with a like history took to the item: the folded-in vector times the item's factors. */
export const collaborative: Feature = {
  name: 'collaborative',
  meaning: 'people with a taste like yours took to it',
  personal: true,
  compute({ taste, catalogue }, { items: candidates }, out) {
    const { dimensions: d, itemFactors } = catalogue.collaborative;
    const { vector } = taste;
    for (let row = 0; row < candidates.length; row++) {
      let score = 0;
      const start = (candidates[row] ?? 0) * d;
      if (vector) for (let k = 0; k < d; k++) score += (vector[k] ?? 0) * (itemFactors[start + k] ?? 0);
      out[row] = score;
    }
  },
};
