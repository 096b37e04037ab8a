import { bestOf } from '../best.js';
import type { Finder } from '../finder.js';

/** Items that go with what the person liked lately, by co-visitation. */
export const neighbours: Finder = {
  name: 'neighbours',
  quota: 150,
  enabled: ({ taste }) => taste.neighbourScores.items.length > 0,
  find({ taste, masked }) {
    return bestOf(taste.neighbourScores, masked, this.quota);
  },
};
