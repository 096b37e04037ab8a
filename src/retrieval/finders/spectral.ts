import { NOTHING_FOUND } from '../../domain/candidates.js';
import { filterItems } from '../filter.js';
import type { Finder } from '../finder.js';

/** Items that the filter of the interactions brings out. */
export const spectral: Finder = {
  name: 'spectral',
  quota: 200,
  enabled: ({ taste }) => taste.spectralVector !== null && taste.graphScores.items.length > 0,
  find({ taste, catalogue, masked }, { factors }) {
    const { graphScores: linear, spectralVector: vector } = taste;
    if (catalogue.spectral === null || vector === null) return NOTHING_FOUND;
    return filterItems({ linear, model: catalogue.spectral, vector, factors, masked }, this.quota);
  },
};
