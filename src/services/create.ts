import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { createPersonStates } from '../engine/live/personStates.js';
import { createRecommender } from '../engine/recommender.js';
import { createSimilar } from '../engine/similar.js';
import type { Snapshot } from '../registry/snapshot.js';
import type { CreateIndex } from '../retrieval/indexes.js';
import { createLookups } from '../retrieval/lookups.js';
import type { Cache } from '../store/ports/cache.js';
import type { Counters } from '../store/ports/counters.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { EventLog } from '../store/ports/eventLog.js';
import type { ShownLog } from '../store/ports/shownLog.js';
import { createCatalogService } from './catalog/create.js';
import { createFeedbackService } from './feedback/create.js';
import { createHistoryService } from './history/create.js';
import { createRecommendationService } from './recommendations/create.js';
import { createRequestLists } from './recommendations/requestLists.js';
import type { Services } from './services.js';

export interface ServiceDeps {
  /** The model version that serves a tenant; null before the first training. */
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly eventLog: Pick<EventLog, 'append' | 'history' | 'personEvents'>;
  readonly entities: EntityStore;
  readonly shownLog: Pick<ShownLog, 'record'>;
  readonly cache: Cache;
  readonly counters: Counters;
  readonly createIndex: CreateIndex;
  /** Whether a first event creates its user. */
  readonly autoUsers: boolean;
  /** Ids that never repeat, on any node. */
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every use case, on the given stores. */
export function createServices(deps: ServiceDeps): Services {
  const personStates = createPersonStates(deps);
  const requestLists = createRequestLists(deps);
  const lookups = createLookups(deps.createIndex);
  const recommender = createRecommender({ ...deps, lookups });
  return {
    recommendations: createRecommendationService({
      ...deps,
      personStates,
      requestLists,
      recommender,
      similar: createSimilar({ lookups }),
    }),
    feedback: createFeedbackService({ ...deps, personStates }),
    catalog: createCatalogService({ ...deps, personStates, requestLists }),
    history: createHistoryService(deps),
  };
}
