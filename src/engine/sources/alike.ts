import type { Factors } from '../../features/feature.js';
import { firstAdmitted } from '../../retrieval/admitted.js';
import type { Searchable } from '../../retrieval/indexes.js';

import type { Source } from '../pipeline/stages.js';
import type { SimilarQuery } from '../query.js';

const QUOTA = 150;
const FILTER_DEPTH = 5;

/** Items whose factors point the same way. The index knows inner products, so that the cosine is left to the hydrator. */
export function alike(indexOf: (model: Factors) => Searchable): Source<SimilarQuery> {
  return {
    name: 'alike',
    quota: QUOTA,
    deadlineMs: 100,
    // An item nobody had touched has no factors to compare.
    enabled: ({ snapshot, item }) => (snapshot.items.popularity[item] ?? 0) > 0,
    async fetch({ snapshot, item, filter, admits }) {
      const { dimensions, itemFactors } = snapshot.collaborative;
      const vector = itemFactors.slice(item * dimensions, (item + 1) * dimensions);
      const depth = filter === null ? QUOTA + 1 : QUOTA * FILTER_DEPTH;
      return firstAdmitted(
        await indexOf(snapshot.collaborative).search(vector, Math.min(depth, snapshot.items.size)),
        QUOTA,
        admits,
      );
    },
  };
}
