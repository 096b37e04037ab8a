import type { ShownList } from '../../domain/shown.js';
import type { Counters } from '../../store/ports/counters.js';
import type { ShownLog } from '../../store/ports/shownLog.js';
import { recordShown } from '../effects/recordShown.js';
import { banished } from '../filters/banished.js';
import { excluded } from '../filters/excluded.js';
import { itemFilter } from '../filters/itemFilter.js';
import { asFilter, type Rule } from '../filters/rule.js';
import { seen } from '../filters/seen.js';
import { features } from '../hydrators/features.js';
import type { Lookups } from '../lookup/lookups.js';
import type { Recipe } from '../pipeline/stages.js';
import type { RankingBasis, RankingQuery } from '../query.js';
import { byScore } from '../rerankers/byScore.js';
import { diversity } from '../rerankers/diversity.js';
import { risingNow } from '../rerankers/rising.js';
import { heuristic } from '../scorers/heuristic.js';
import { learned } from '../scorers/learned.js';
import { collaborative } from '../sources/collaborative.js';
import { content } from '../sources/content.js';
import { neighbours } from '../sources/neighbours.js';
import { popular } from '../sources/popular.js';
import { rising } from '../sources/rising.js';
import { spectral } from '../sources/spectral.js';

/** What keeps an item out of a person's list. */
export const RECOMMENDATION_RULES: readonly Rule<RankingBasis>[] = [excluded, banished, seen, itemFilter];

/** Items for a person. */
export function recommendationsRecipe(parts: {
  readonly lookups: Lookups;
  readonly counters: Counters;
  readonly shownLog: Pick<ShownLog, 'record'>;
}): Recipe<RankingQuery, ShownList> {
  return {
    name: 'recommendations',
    sources: [
      collaborative(parts.lookups.indexOf),
      spectral(parts.lookups.indexOf),
      neighbours,
      content(parts.lookups.postingsOf),
      popular,
      rising(parts.counters),
    ],
    hydrators: [features],
    filters: RECOMMENDATION_RULES.map((rule) => asFilter<RankingQuery>(rule)),
    scorers: [learned, heuristic],
    rerankers: [risingNow, byScore, diversity],
    effects: [recordShown(parts.shownLog)],
  };
}
