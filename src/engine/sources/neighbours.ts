import { keepBest } from '../lookup/best.js';
import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

const QUOTA = 150;

/** Items that go with what the person liked lately, by co-visitation. */
export const neighbours: Source<RankingQuery> = {
  name: 'neighbours',
  quota: QUOTA,
  deadlineMs: 100,
  enabled: ({ person }) => person.taste.neighbourScores.size > 0,
  fetch({ person, admits }) {
    const best = keepBest(QUOTA);
    for (const [item, score] of person.taste.neighbourScores) if (admits(item)) best.offer(item, score);
    return best.take();
  },
};
