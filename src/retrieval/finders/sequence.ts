import { keepBest } from '../best.js';
import type { Finder } from '../finder.js';

/** Items that tend to come soon after what the person met last. */
export const sequence: Finder = {
  name: 'sequence',
  quota: 150,
  enabled: ({ taste }) => taste.following.items.size > 0,
  find({ taste, masked }) {
    const best = keepBest(this.quota);
    for (const [item, score] of taste.following.items) if (masked[item] === 0) best.offer(item, score);
    return best.take();
  },
};
