import type { Feature } from './feature.js';

/** How far the person's own corner of the interactions reaches to the item; 0 where the snapshot has no spectral model. */
export const spectralAffinity: Feature = {
  name: 'spectral',
  meaning: 'people with a taste like yours took to it',
  personal: true,
  compute({ taste, catalogue }, { items: candidates }, out) {
    const { spectral: model } = catalogue;
    const { spectralVector: vector } = taste;
    if (model === null || vector === null) {
      out.fill(0);
      return;
    }
    const { dimensions: d, itemFactors } = model;
    for (let row = 0; row < candidates.length; row++) {
      const start = (candidates[row] ?? 0) * d;
      let score = 0;
      for (let k = 0; k < d; k++) score += (vector[k] ?? 0) * (itemFactors[start + k] ?? 0);
      out[row] = score;
    }
  },
};
