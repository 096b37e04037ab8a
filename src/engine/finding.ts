import type { FindRequest } from '../retrieval/finder.js';
import { admission } from './filters/rule.js';
import type { RankingBasis } from './query.js';
import { RECOMMENDATION_RULES } from './recipes/rules.js';

/** What the person has seen lies closest to their vector, so that many more are asked for; but no more than this. */
const SEARCH_LIMIT = 2_000;
/** Under a filter, how many times the quota is looked through. */
const FILTER_DEPTH = 5;

/** What the finders are asked for the sake of a request. */
export function findingFor(basis: RankingBasis): FindRequest {
  return {
    taste: basis.person.taste,
    catalogue: basis.snapshot,
    setting: basis.setting,
    admits: admission(RECOMMENDATION_RULES, basis),
    depthFor: depthFor(basis),
  };
}

function depthFor({ person, excludeSeen, excluded, filter }: RankingBasis): (quota: number) => number {
  const out = excluded.size + (excludeSeen ? person.seen.size : person.banished.size);
  return (quota) => Math.min((filter === null ? quota : quota * FILTER_DEPTH) + out, SEARCH_LIMIT);
}
