import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { Meter } from '../domain/meter.js';
import { silentTracer, type Tracer } from '../domain/tracer.js';
import { createActivePeople } from '../engine/live/activePeople.js';
import { createExposures } from '../engine/live/exposures.js';
import { createImpressionStates } from '../engine/live/impressionStates.js';
import { createLiveItems } from '../engine/live/items/liveItems.js';
import { createPersonStates } from '../engine/live/personStates.js';
import { createRuleBooks } from '../engine/live/ruleBooks.js';
import { createSocialStates } from '../engine/live/socialStates.js';
import { observeRuns } from '../engine/observeRuns.js';
import { createMatchmaker } from '../engine/people/matchmaker.js';
import { createRecommender } from '../engine/recommender.js';
import { createRulings } from '../engine/rules/rulings.js';
import type { TextEncoder } from '../engine/search/encoder.js';
import { createSearchIndexes } from '../engine/search/searchIndexes.js';
import type { Language } from '../engine/search/stems.js';
import type { CreateVectorIndex } from '../engine/search/vectorRows.js';
import { createSimilar } from '../engine/similar.js';
import type { Snapshot } from '../registry/snapshot.js';
import type { CreateIndex } from '../retrieval/indexes.js';
import { createLookups } from '../retrieval/lookups.js';
import type { Cache } from '../store/ports/cache.js';
import type { CatalogueFeed } from '../store/ports/catalogueFeed.js';
import type { Counters } from '../store/ports/counters.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { EventLog } from '../store/ports/eventLog.js';
import type { FeedStore } from '../store/ports/feedStore.js';
import type { MediaStore } from '../store/ports/mediaStore.js';
import type { PostStore } from '../store/ports/postStore.js';
import type { PrivacyStore } from '../store/ports/privacyStore.js';
import type { PubSub } from '../store/ports/pubSub.js';
import type { RuleStore } from '../store/ports/ruleStore.js';
import type { ShownLog } from '../store/ports/shownLog.js';
import type { Sightings } from '../store/ports/sightings.js';
import { createCatalogService } from './catalog/create.js';
import { createFeedService } from './feed/create.js';
import { createFeedbackService } from './feedback/create.js';
import { createHistoryService } from './history/create.js';
import { createClickThrough } from './measured/clickThrough.js';
import { measureFeedback } from './measured/feedback.js';
import { measurePeople, measureRecommendations } from './measured/lists.js';
import { measureSearch } from './measured/search.js';
import { createPeopleService } from './people/create.js';
import { createPeopleLists } from './people/peopleLists.js';
import { createPostService } from './posts/create.js';
import { createPrivacyService } from './privacy/create.js';
import { createTraces } from './privacy/traces.js';
import { createRecommendationService } from './recommendations/create.js';
import { createRequestLists } from './recommendations/requestLists.js';
import { createRuleService } from './rules/create.js';
import { createSearchService } from './search/create.js';
import type { Services } from './services.js';
import { createSessions } from './sessions/create.js';
import { createTrendingService } from './trending/create.js';

export interface ServiceDeps {
  /** The model version that serves a tenant; null before the first training. */
  readonly registry: {
    current(tenant: string): Snapshot | null;
    /** No version names the person any longer. */
    forget(tenant: string, userId: string): Promise<void>;
  };
  readonly eventLog: Omit<EventLog, 'count' | 'dispose'>;
  readonly entities: EntityStore;
  readonly shownLog: Pick<ShownLog, 'record' | 'newest'>;
  readonly rules: RuleStore;
  readonly posts: PostStore;
  readonly feed: FeedStore;
  readonly media: MediaStore;
  readonly privacy: Pick<PrivacyStore, 'rowsOf'>;
  readonly cache: Cache;
  readonly counters: Counters;
  readonly pubSub: PubSub;
  readonly sightings: Sightings;
  /** Changes of the catalogue, for what is kept of it. */
  readonly catalogueFeed: CatalogueFeed;
  readonly createIndex: CreateIndex;
  /** An index that reads every row, for vectors that come and go. */
  readonly createExactIndex: CreateVectorIndex;
  /** Makes the vectors of search in place of the model's content; null for that. */
  readonly textEncoder: TextEncoder | null;
  /** Of the texts of items that do not say theirs. */
  readonly searchLanguage: Language;
  /** Share of the positions that are given to uncertain items: 0 for none, at most 0.5. */
  readonly exploration: number;
  /** Differential privacy of what trends; null for none. */
  readonly dpEpsilon: number | null;
  /** What counts for people who never said whether they want lists of their own. */
  readonly personaliseByDefault: boolean;
  /** Whether a first event creates its user. */
  readonly autoUsers: boolean;
  /** Posts of authors with more followers are not delivered to timelines but read where they stand. */
  readonly fanOutLimit: number;
  /** Most bytes of a file of a post. */
  readonly mediaLimit: number;
  /** Ids that never repeat, on any node. */
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** @default none */
  readonly tracer?: Tracer;
  /** Whether there is so much to do that poorer lists must do. */
  readonly isBusy: () => boolean;
  /** Milliseconds in which a list is to be made. */
  readonly deadlineMs: number;
}

/** Every use case, and what they keep between requests. */
export interface OpenServices extends Services {
  /** Tells the other nodes what they wait to hear, and stops listening. */
  dispose(): Promise<void>;
}

/** Every use case, on the given stores. */
export function createServices(given: ServiceDeps): OpenServices {
  const liveItems = createLiveItems(given);
  const forget: ServiceDeps['registry']['forget'] = (tenant, userId) => given.registry.forget(tenant, userId);
  const deps: ServiceDeps = { ...given, registry: { current: liveItems.current, forget } };
  const clickThrough = createClickThrough(deps.meter);
  const measured = { ...deps, clickThrough };
  const observeRun = observeRuns(deps.meter, deps.tracer ?? silentTracer);
  const personStates = createPersonStates(deps);
  const socialStates = createSocialStates(deps);
  const matchmaker = createMatchmaker({ ...deps, observeRun, activePeople: createActivePeople(deps) });
  const impressionStates = createImpressionStates(deps);
  const exposures = createExposures(deps);
  const sessions = createSessions({ ...deps, personStates });
  const requestLists = createRequestLists(deps);
  const peopleLists = createPeopleLists(deps);
  const traces = createTraces({ ...deps, versions: deps.registry });
  const lookups = createLookups(deps.createIndex, deps.createExactIndex);
  const rulings = createRulings();
  const ruleBooks = createRuleBooks({ ...deps, store: deps.rules });
  const trending = createTrendingService({ ...deps, ruleBooks });
  const recommender = createRecommender({ ...deps, observeRun, lookups, rulings, impressionStates, exposures });
  const searchIndexes = createSearchIndexes({
    ...deps,
    createIndex: deps.createExactIndex,
    feed: deps.catalogueFeed,
    language: deps.searchLanguage,
  });
  const recommendations = measureRecommendations(
    createRecommendationService({
      ...deps,
      sessions,
      personStates,
      impressionStates,
      ruleBooks,
      requestLists,
      recommender,
      similar: createSimilar({ lookups, rulings, observeRun }),
    }),
    measured,
  );
  const feedback = createFeedbackService({
    ...deps,
    sessions,
    personStates,
    socialStates,
    exposures,
    trending,
    observeFeedback: measureFeedback(measured),
  });
  return {
    recommendations,
    feedback,
    posts: createPostService({ ...deps, feedback }),
    feed: createFeedService({ ...deps, recommendations, personStates, ruleBooks }),
    catalog: createCatalogService({
      ...deps,
      personStates,
      socialStates,
      impressionStates,
      exposures,
      ruleBooks,
      trending,
      requestLists,
      traces,
    }),
    history: createHistoryService(deps),
    people: measurePeople(
      createPeopleService({ ...deps, personStates, socialStates, matchmaker, peopleLists }),
      measured,
    ),
    privacy: createPrivacyService({ ...deps, personStates }),
    rules: createRuleService({ ...deps, ruleBooks, trending }),
    trending,
    search: measureSearch(
      createSearchService({ ...deps, searchIndexes, personStates, ruleBooks, factors: lookups.factors }),
      measured,
    ),
    async dispose() {
      await Promise.all([
        impressionStates.dispose(),
        exposures.dispose(),
        ruleBooks.dispose(),
        trending.dispose(),
        searchIndexes.dispose(),
        liveItems.dispose(),
      ]);
    },
  };
}
