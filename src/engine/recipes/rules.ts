import { banished } from '../filters/banished.js';
import { excluded } from '../filters/excluded.js';
import { forbidden } from '../filters/forbidden.js';
import { hidden } from '../filters/hidden.js';
import { itemFilter } from '../filters/itemFilter.js';
import type { Rule } from '../filters/rule.js';
import { seen } from '../filters/seen.js';
import type { RankingBasis } from '../query.js';

/** What keeps an item out of a person's list. */
export const RECOMMENDATION_RULES: readonly Rule<RankingBasis>[] = [
  hidden,
  excluded,
  forbidden,
  banished,
  seen,
  itemFilter,
];
