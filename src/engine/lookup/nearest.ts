import type { VectorIndex } from '../../store/ports/vectorIndex.js';
import type { Found } from '../pipeline/candidates.js';
import type { RankingQuery } from '../query.js';
import { firstAdmitted } from './admitted.js';

/** What the person has seen lies closest to their vector, so that many more are asked for; but no more than this. */
const SEARCH_LIMIT = 2_000;
/** Under a filter, how many times the quota is looked through. */
const FILTER_DEPTH = 5;

/** The `quota` items that may be shown whose inner product with the person's vector is largest, best first. */
export function nearestAdmitted(query: RankingQuery, index: VectorIndex, vector: Float32Array, quota: number): Found {
  const { person, excludeSeen, excluded, filter, admits } = query;
  const out = excluded.size + (excludeSeen ? person.seen.size : person.banished.size);
  const depth = (filter === null ? quota : quota * FILTER_DEPTH) + out;
  return firstAdmitted(index.search(vector, Math.min(depth, SEARCH_LIMIT, index.size)), quota, admits);
}
