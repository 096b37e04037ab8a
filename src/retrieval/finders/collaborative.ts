import { NOTHING_FOUND } from '../../domain/candidates.js';
import type { Finder } from '../finder.js';
import { nearestAdmitted } from '../nearest.js';

/** Items that people with a like history took to: the folded-in vector times the item factors. */
export const collaborative: Finder = {
  name: 'collaborative',
  quota: 200,
  enabled: ({ taste }) => taste.vector !== null,
  find(request, { indexOf }) {
    const { vector } = request.taste;
    if (vector === null) return NOTHING_FOUND;
    return nearestAdmitted(request, indexOf(request.catalogue.collaborative), vector, this.quota);
  },
};
