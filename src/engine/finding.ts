import type { FindRequest } from '../retrieval/finder.js';
import { maskOf } from './filters/rule.js';
import type { RankingBasis } from './query.js';
import { RECOMMENDATION_RULES } from './recipes/rules.js';

/** What the finders are asked for the sake of a request. */
export function findingFor(basis: RankingBasis): FindRequest {
  return {
    taste: basis.person.taste,
    catalogue: basis.snapshot,
    setting: basis.setting,
    masked: maskOf(RECOMMENDATION_RULES, basis, basis.snapshot.items.size),
  };
}
