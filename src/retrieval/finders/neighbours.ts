import { keepBest } from '../best.js';
import type { Finder } from '../finder.js';

/** Items that go with what the person liked lately, by co-visitation. */
export const neighbours: Finder = {
  name: 'neighbours',
  quota: 150,
  enabled: ({ taste }) => taste.neighbourScores.size > 0,
  find({ taste, masked }) {
    const best = keepBest(this.quota);
    for (const [item, score] of taste.neighbourScores) if (masked[item] === 0) best.offer(item, score);
    return best.take();
  },
};
