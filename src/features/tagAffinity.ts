import type { Feature } from './feature.js';

/** How much of the item's tags the person liked lately, about -1 to 1. */
export const tagAffinity: Feature = {
  name: 'tag_affinity',
  meaning: 'it has tags you like',
  personal: true,
  compute({ taste, catalogue }, { items: candidates }, out) {
    const { offsets, indices, values } = catalogue.items.tags;
    for (let row = 0; row < candidates.length; row++) {
      const item = candidates[row] ?? 0;
      const end = offsets[item + 1] ?? 0;
      let score = 0;
      for (let at = offsets[item] ?? 0; at < end; at++)
        score += (values[at] ?? 0) * (taste.tags[indices[at] ?? 0] ?? 0);
      out[row] = score;
    }
  },
};
