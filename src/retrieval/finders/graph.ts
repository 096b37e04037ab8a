import { keepBest } from '../best.js';
import type { Finder } from '../finder.js';

/** Items that short walks over people, authors and friends reach from what the person liked. */
export const graph: Finder = {
  name: 'graph',
  quota: 150,
  enabled: ({ taste }) => taste.graphScores.size > 0,
  find({ taste, masked }) {
    const best = keepBest(this.quota);
    for (const [item, score] of taste.graphScores) if (masked[item] === 0) best.offer(item, score);
    return best.take();
  },
};
