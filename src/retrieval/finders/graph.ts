import { bestOf } from '../best.js';
import type { Finder } from '../finder.js';

/** Items that short walks over people, authors and friends reach from what the person liked. */
export const graph: Finder = {
  name: 'graph',
  quota: 150,
  enabled: ({ taste }) => taste.graphScores.items.length > 0,
  find({ taste, masked }) {
    return bestOf(taste.graphScores, masked, this.quota);
  },
};
