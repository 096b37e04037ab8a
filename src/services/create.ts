import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { createActivePeople } from '../engine/live/activePeople.js';
import { createExposures } from '../engine/live/exposures.js';
import { createImpressionStates } from '../engine/live/impressionStates.js';
import { createLiveCounts } from '../engine/live/liveCounts.js';
import { createPersonStates } from '../engine/live/personStates.js';
import { createRuleBooks } from '../engine/live/ruleBooks.js';
import { createSocialStates } from '../engine/live/socialStates.js';
import { createMatchmaker } from '../engine/people/matchmaker.js';
import { createRecommender } from '../engine/recommender.js';
import { createRulings } from '../engine/rules/rulings.js';
import { createSimilar } from '../engine/similar.js';
import type { Snapshot } from '../registry/snapshot.js';
import type { CreateIndex } from '../retrieval/indexes.js';
import { createLookups } from '../retrieval/lookups.js';
import type { Cache } from '../store/ports/cache.js';
import type { Counters } from '../store/ports/counters.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { EventLog } from '../store/ports/eventLog.js';
import type { PubSub } from '../store/ports/pubSub.js';
import type { RuleStore } from '../store/ports/ruleStore.js';
import type { ShownLog } from '../store/ports/shownLog.js';
import { createCatalogService } from './catalog/create.js';
import { createFeedbackService } from './feedback/create.js';
import { createHistoryService } from './history/create.js';
import { createPeopleService } from './people/create.js';
import { createRecommendationService } from './recommendations/create.js';
import { createRequestLists } from './recommendations/requestLists.js';
import { createRuleService } from './rules/create.js';
import type { Services } from './services.js';

export interface ServiceDeps {
  /** The model version that serves a tenant; null before the first training. */
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly eventLog: Omit<EventLog, 'count' | 'dispose'>;
  readonly entities: EntityStore;
  readonly shownLog: Pick<ShownLog, 'record' | 'newest'>;
  readonly rules: RuleStore;
  readonly cache: Cache;
  readonly counters: Counters;
  readonly pubSub: PubSub;
  readonly createIndex: CreateIndex;
  /** Share of the positions that are given to uncertain items: 0 for none, at most 0.5. */
  readonly exploration: number;
  /** Whether a first event creates its user. */
  readonly autoUsers: boolean;
  /** Ids that never repeat, on any node. */
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every use case, and what they keep between requests. */
export interface OpenServices extends Services {
  /** Tells the other nodes what they wait to hear, and stops listening. */
  dispose(): Promise<void>;
}

/** Every use case, on the given stores. */
export function createServices(deps: ServiceDeps): OpenServices {
  const personStates = createPersonStates(deps);
  const socialStates = createSocialStates(deps);
  const matchmaker = createMatchmaker({ ...deps, activePeople: createActivePeople(deps) });
  const impressionStates = createImpressionStates(deps);
  const exposures = createExposures(deps);
  const requestLists = createRequestLists(deps);
  const lookups = createLookups(deps.createIndex);
  const rulings = createRulings();
  const ruleBooks = createRuleBooks({ ...deps, store: deps.rules });
  const liveCounts = createLiveCounts(deps);
  const recommender = createRecommender({ ...deps, lookups, rulings, impressionStates, exposures, liveCounts });
  return {
    recommendations: createRecommendationService({
      ...deps,
      personStates,
      impressionStates,
      ruleBooks,
      requestLists,
      recommender,
      similar: createSimilar({ lookups, rulings }),
    }),
    feedback: createFeedbackService({ ...deps, personStates, socialStates, exposures, liveCounts }),
    catalog: createCatalogService({
      ...deps,
      personStates,
      socialStates,
      impressionStates,
      exposures,
      ruleBooks,
      requestLists,
    }),
    history: createHistoryService(deps),
    people: createPeopleService({ ...deps, personStates, socialStates, matchmaker }),
    rules: createRuleService({ ...deps, ruleBooks }),
    async dispose() {
      await Promise.all([impressionStates.dispose(), exposures.dispose(), ruleBooks.dispose(), liveCounts.dispose()]);
    },
  };
}
