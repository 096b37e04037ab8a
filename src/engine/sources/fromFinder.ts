import type { Finder } from '../../retrieval/finder.js';
import type { Lookups } from '../../retrieval/lookups.js';
import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

/** A finder as a source of `recommendations`. */
export function fromFinder(finder: Finder, lookups: Lookups): Source<RankingQuery> {
  return {
    name: finder.name,
    quota: finder.quota,
    deadlineMs: 100,
    enabled: ({ finding }) => finder.enabled(finding),
    fetch: ({ finding }) => finder.find(finding, lookups),
  };
}
