import type { Factors, Snapshot } from '../../registry/snapshot.js';
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
    // An item that nobody touched, and that says nothing, has no factors to compare.
    enabled: ({ snapshot, item }) => factorsOf(snapshot, item).some((factor) => factor !== 0),
    async fetch({ snapshot, item, filter, admits }) {
      const depth = filter === null ? QUOTA + 1 : QUOTA * FILTER_DEPTH;
      return firstAdmitted(
        await indexOf(snapshot.collaborative).search(factorsOf(snapshot, item), Math.min(depth, snapshot.items.size)),
        QUOTA,
        admits,
      );
    },
  };
}

function factorsOf({ collaborative: { dimensions, itemFactors } }: Snapshot, item: number): Float32Array {
  return itemFactors.slice(item * dimensions, (item + 1) * dimensions);
}
