import type { Snapshot } from '../../registry/snapshot.js';
import type { VectorIndex } from '../../store/ports/vectorIndex.js';
import { firstAdmitted } from '../lookup/admitted.js';
import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

const QUOTA = 200;
/** What the person has seen lies closest to their vector, so that many more are asked for; but no more than this. */
const SEARCH_LIMIT = 2_000;
/** Under a filter, how many times the quota is looked through. */
const FILTER_DEPTH = 5;

/** Items that people with a like history took to: the folded-in vector times the item factors. */
export function collaborative(indexOf: (snapshot: Snapshot) => VectorIndex): Source<RankingQuery> {
  return {
    name: 'collaborative',
    quota: QUOTA,
    deadlineMs: 100,
    enabled: ({ person }) => person.taste.vector !== null,
    fetch({ snapshot, person, excludeSeen, excluded, filter, admits }) {
      const { vector } = person.taste;
      if (vector === null) throw new Error('a stranger has no vector to search with');
      const out = excluded.size + (excludeSeen ? person.seen.size : person.banished.size);
      const depth = (filter === null ? QUOTA : QUOTA * FILTER_DEPTH) + out;
      const nearest = indexOf(snapshot).search(vector, Math.min(depth, SEARCH_LIMIT, snapshot.items.size));
      return firstAdmitted(nearest, QUOTA, admits);
    },
  };
}
