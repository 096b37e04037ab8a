import { NOTHING_FOUND } from '../../domain/candidates.js';
import { factorRow } from '../../features/factorRow.js';
import type { Factors } from '../../features/feature.js';
import { firstAdmitted } from '../../retrieval/admitted.js';
import type { Searchable } from '../../retrieval/indexes.js';
import type { Source } from '../pipeline/stages.js';
import type { SimilarQuery } from '../query.js';

const QUOTA = 100;
const FILTER_DEPTH = 5;

/** Items that say the same of themselves, in title, description, tags and properties. Finds items nobody has touched yet. */
export function sameContent(indexOf: (model: Factors) => Searchable): Source<SimilarQuery> {
  return {
    name: 'sameContent',
    quota: QUOTA,
    deadlineMs: 100,
    enabled: ({ snapshot }) => snapshot.content !== null,
    async fetch({ snapshot, item, filter, admits }) {
      const { content } = snapshot;
      if (content === null) return NOTHING_FOUND;
      const { dimensions: d, itemFactors } = content;
      const depth = filter === null ? QUOTA + 1 : QUOTA * FILTER_DEPTH;
      const row = factorRow(content, item);
      const vector = itemFactors.slice(row * d, (row + 1) * d);
      return firstAdmitted(await indexOf(content).search(vector, Math.min(depth, snapshot.items.size)), QUOTA, admits);
    },
  };
}
