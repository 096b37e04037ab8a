import { NOTHING_FOUND } from '../../domain/candidates.js';
import type { Finder } from '../finder.js';
import { nearestAdmitted } from '../nearest.js';

/** Items that the spectral filter of the interactions brings out: the projected vector times the item factors. */
export const spectral: Finder = {
  name: 'spectral',
  quota: 200,
  enabled: ({ taste }) => taste.spectralVector !== null,
  find(request, { indexOf }) {
    const { spectral: model } = request.catalogue;
    const { spectralVector } = request.taste;
    if (model === null || spectralVector === null) return NOTHING_FOUND;
    return nearestAdmitted(request, indexOf(model), spectralVector, this.quota);
  },
};
