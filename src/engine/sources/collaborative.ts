import type { VectorIndex } from '../../store/ports/vectorIndex.js';
import type { Embedding } from '../lookup/indexes.js';
import { nearestAdmitted } from '../lookup/nearest.js';
import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

const QUOTA = 200;

/** Items that people with a like history took to: the folded-in vector times the item factors. */
export function collaborative(indexOf: (model: Embedding) => VectorIndex): Source<RankingQuery> {
  return {
    name: 'collaborative',
    quota: QUOTA,
    deadlineMs: 100,
    enabled: ({ person }) => person.taste.vector !== null,
    fetch(query) {
      const { vector } = query.person.taste;
      if (vector === null) throw new Error('a stranger has no vector to search with');
      return nearestAdmitted(query, indexOf(query.snapshot.collaborative), vector, QUOTA);
    },
  };
}
