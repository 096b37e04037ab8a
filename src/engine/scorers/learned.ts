import type { Scorer } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';
import { rank } from './rank.js';

/** The snapshot's own ranker: one call for all candidates. */
export const learned: Scorer<RankingQuery> = {
  name: 'learned',
  enabled: ({ snapshot }) => snapshot.ranker !== null,
  score({ snapshot }, candidates) {
    if (snapshot.ranker === null) throw new Error('the snapshot has no ranker');
    return rank(snapshot.ranker, candidates);
  },
};
