import type { ShownItems } from '../../domain/shown.js';
import { FINDERS } from '../../retrieval/index.js';
import type { Lookups } from '../../retrieval/lookups.js';
import type { Counters } from '../../store/ports/counters.js';
import type { ShownLog } from '../../store/ports/shownLog.js';
import { noteExposure } from '../effects/noteExposure.js';
import { noteShown } from '../effects/noteShown.js';
import { recordShown } from '../effects/recordShown.js';
import { asFilter } from '../filters/rule.js';
import { exposure } from '../hydrators/exposure.js';
import { features } from '../hydrators/features.js';
import type { Exposures } from '../live/exposures.js';
import type { ImpressionStates } from '../live/impressionStates.js';
import type { Recipe } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';
import { boosts } from '../rerankers/boosts.js';
import { burials } from '../rerankers/burials.js';
import { byScore } from '../rerankers/byScore.js';
import { caps } from '../rerankers/caps.js';
import { diversity } from '../rerankers/diversity.js';
import { exploration } from '../rerankers/exploration.js';
import { fatigue } from '../rerankers/fatigue.js';
import { pins } from '../rerankers/pins.js';
import { risingNow } from '../rerankers/rising.js';
import { heuristic } from '../scorers/heuristic.js';
import { learned } from '../scorers/learned.js';
import { fresh } from '../sources/fresh.js';
import { fromFinder } from '../sources/fromFinder.js';
import { pinned } from '../sources/pinned.js';
import { rising } from '../sources/rising.js';
import { RECOMMENDATION_RULES } from './rules.js';

/** Items for a person. */
export function recommendationsRecipe(parts: {
  readonly lookups: Lookups;
  readonly counters: Counters;
  readonly shownLog: Pick<ShownLog, 'record'>;
  readonly impressionStates: Pick<ImpressionStates, 'note'>;
  readonly exposures: Pick<Exposures, 'read' | 'shown'>;
}): Recipe<RankingQuery, ShownItems> {
  return {
    name: 'recommendations',
    sources: [pinned, ...FINDERS.map((finder) => fromFinder(finder, parts.lookups)), rising(parts.counters), fresh()],
    hydrators: [features(parts.lookups.factors), exposure(parts.exposures)],
    filters: RECOMMENDATION_RULES.map((rule) => asFilter<RankingQuery>(rule)),
    scorers: [learned, heuristic],
    rerankers: [risingNow, fatigue, boosts, byScore, burials, diversity, caps, pins, exploration],
    effects: [recordShown(parts.shownLog), noteShown(parts.impressionStates), noteExposure(parts.exposures)],
  };
}
