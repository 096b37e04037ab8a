import { NOTHING_FOUND } from '../../domain/candidates.js';
import type { Finder } from '../finder.js';
import { nearestAdmitted } from '../nearest.js';

/** Items that say of themselves what the items say that the person likes. Finds what nobody has touched yet. */
export const content: Finder = {
  name: 'content',
  quota: 100,
  enabled: ({ taste }) => taste.contentVector !== null,
  find(request, { indexOf }) {
    const { content: model } = request.catalogue;
    const { contentVector } = request.taste;
    if (model === null || contentVector === null) return NOTHING_FOUND;
    return nearestAdmitted(request, indexOf(model), contentVector, this.quota);
  },
};
