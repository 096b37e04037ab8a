import { bestOf } from '../best.js';
import type { Finder } from '../finder.js';

/** Items that tend to come soon after what the person met last. */
export const sequence: Finder = {
  name: 'sequence',
  quota: 150,
  enabled: ({ taste }) => taste.following.items.items.length > 0,
  find({ taste, masked }) {
    return bestOf(taste.following.items, masked, this.quota);
  },
};
