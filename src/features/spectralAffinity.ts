import type { Feature } from './feature.js';

/** How far the person's own corner of the interactions reaches to the item; 0 where the snapshot has no spectral model. */
export const spectralAffinity: Feature = {
  name: 'spectral',
  meaning: 'people with a taste like yours took to it',
  personal: true,
  compute({ taste, catalogue, factors }, { items }, out) {
    if (catalogue.spectral === null || taste.spectralVector === null) out.fill(0);
    else factors.multiply(catalogue.spectral, taste.spectralVector, items, out);
  },
};
