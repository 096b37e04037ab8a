import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { ShownFeatures } from '../../domain/shown.js';
import { NO_EVIDENCE, selectEvidence } from '../../engine/explain/evidence.js';
import type { ImpressionStates } from '../../engine/live/impressionStates.js';
import type { PersonState, PersonStates } from '../../engine/live/personStates.js';
import type { ActiveRules, RuleBooks } from '../../engine/live/ruleBooks.js';
import type { Recommender } from '../../engine/recommender.js';
import type { Similar } from '../../engine/similar.js';
import type { Snapshot } from '../../registry/snapshot.js';
import type { Cache } from '../../store/ports/cache.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import { admission, exclusionsOf } from './entityFilter.js';
import { createListCache } from './listCache.js';
import { createModelRung } from './modelRung.js';
import { idsOut, NO_MODEL, popularRung } from './popularRung.js';
import { present } from './present.js';
import type { RequestLists } from './requestLists.js';
import { similarItems } from './similarItems.js';
import { keepOnly, type StoredList } from './storedList.js';
import type { ItemLookup, RecommendationService, Recommendations, Recommended, RecommendRequest } from './types.js';

export interface RecommendationDeps {
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly entities: Pick<EntityStore, 'popularItems'>;
  readonly personStates: PersonStates;
  readonly impressionStates: Pick<ImpressionStates, 'load'>;
  readonly ruleBooks: Pick<RuleBooks, 'load'>;
  readonly recommender: Recommender;
  readonly similar: Similar;
  readonly requestLists: RequestLists;
  readonly cache: Cache;
  /** Share of the positions that are given to uncertain items, 0 to 0.5. */
  readonly exploration: number;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
}

/** A list with its entities. */
interface Answer {
  readonly list: StoredList;
  readonly shown: readonly Recommended[];
  readonly cached: boolean;
  /** Answered before, to the same request id. */
  readonly repeated: boolean;
}

const NONE: ReadonlySet<string> = new Set();

const EMPTY: Answer = {
  list: { version: NO_MODEL, degraded: 'EMPTY', total: 0, items: [], evidence: NO_EVIDENCE },
  shown: [],
  cached: false,
  repeated: false,
};

export function createRecommendationService(deps: RecommendationDeps): RecommendationService {
  const { registry, entities, personStates, impressionStates, ruleBooks, recommender, similar, requestLists, log } =
    deps;
  const modelRung = createModelRung({ ...deps, lists: createListCache(deps.cache) });

  const personOf = async ({ tenant, userId }: RecommendRequest): Promise<PersonState | null> => {
    try {
      return await personStates.load(tenant, userId);
    } catch (error) {
      log.error({ err: error, tenant, userId }, 'the history of a person cannot be read: serving them as a stranger');
      return null;
    }
  };

  /** Null when they cannot be read: then nothing is shown, because some of it might be what a rule keeps out. */
  const rulesOf = async (tenant: string): Promise<ActiveRules | null> => {
    try {
      return await ruleBooks.load(tenant);
    } catch (error) {
      log.error({ err: error, tenant }, 'the rules cannot be read: serving nothing');
      return null;
    }
  };

  /** Down the ladder to the first rung that has something to show. */
  const climbDown = async (request: RecommendRequest, requestId: string, lookup: ItemLookup): Promise<Answer> => {
    const { tenant, userId, first, filter, surface } = request;
    const [person, rules, impressions] = await Promise.all([
      personOf(request),
      rulesOf(tenant),
      impressionStates.load(tenant, userId),
    ]);
    if (rules === null) return EMPTY;
    const mayShow = admission(filter, rules, surface);
    const sift = filter !== null || exclusionsOf(rules, surface).length > 0 ? mayShow : null;
    const snapshot = registry.current(tenant);
    const rungs = [
      async () => (snapshot === null ? null : modelRung(request, snapshot, { person, impressions, rules, requestId })),
      async () => ({
        list: await popularRung(entities, request, person?.events ?? [], sift, lookup),
        cached: false,
      }),
    ];
    for (const rung of rungs) {
      try {
        const made = await rung();
        const shown =
          made === null ? [] : await present(made.list, { first, leftOut: NONE }, { mayShow, lookup, snapshot });
        if (made !== null && shown.length > 0) return { ...made, shown, repeated: false };
      } catch (error) {
        log.error({ err: error, tenant }, 'a list failed: serving a poorer one');
      }
    }
    return EMPTY;
  };

  /** The same items as before, but for those that were taken away since. */
  const again = async (list: StoredList, request: RecommendRequest, lookup: ItemLookup): Promise<Answer> => {
    const [person, rules] = await Promise.all([personOf(request), rulesOf(request.tenant)]);
    if (rules === null) return EMPTY;
    const wanted = { first: request.first, leftOut: new Set(idsOut(person?.events ?? [], false)) };
    const by = { mayShow: admission(null, rules, request.surface), lookup, snapshot: registry.current(request.tenant) };
    return { list, shown: await present(list, wanted, by), cached: true, repeated: true };
  };

  const answer = async (request: RecommendRequest, requestId: string, lookup: ItemLookup): Promise<Answer> => {
    const { tenant, userId } = request;
    if (request.requestId === null) return climbDown(request, requestId, lookup);
    const known = await requestLists.find(tenant, userId, requestId);
    if (known !== null) return again(known, request, lookup);
    const fresh = await climbDown(request, requestId, lookup);
    if (fresh.shown.length === 0) return fresh;
    const ids = new Set(fresh.shown.map(({ item }) => item.id));
    const own = keepOnly(fresh.list, ids);
    const standing = await keepFor(requestId, request, own);
    return standing === own ? fresh : again(standing, request, lookup);
  };

  const keepFor = async (requestId: string, { tenant, userId }: RecommendRequest, list: StoredList) => {
    try {
      return await requestLists.keep(tenant, userId, requestId, list);
    } catch (error) {
      log.warn({ err: error, tenant }, 'the list of a request cannot be kept: asking again may answer another');
      return list;
    }
  };

  /** Logs what was shown, once per request id, when the answer is on its way. */
  const conclude = (request: RecommendRequest, requestId: string, { list, shown }: Answer) => {
    recommender.conclude(
      {
        tenant: request.tenant,
        requestId,
        userId: request.userId,
        sessionId: request.sessionId,
        surface: request.surface,
        modelVersion: list.version,
        variant: null,
        degraded: list.degraded,
        context: request.context,
        itemIds: shown.map(({ item }) => item.id),
        scores: shown.map(({ score }) => score),
        propensities: shown.map(({ propensity }) => propensity),
        sources: shown.map(({ source }) => source),
        features: featuresOf(list, shown),
        authorIds: shown.map(({ item }) => item.authorId),
        createdAt: deps.clock(),
      },
      (effect, error) => log.error({ err: error, effect }, 'an effect failed'),
    );
  };

  return {
    async recommend(request, lookup): Promise<Recommendations> {
      const started = performance.now();
      const requestId = request.requestId ?? deps.newId();
      const found = await answer(request, requestId, lookup);
      const { list, shown, cached, repeated } = found;
      if (shown.length > 0 && !repeated) conclude(request, requestId, found);
      return {
        requestId,
        recommendations: shown,
        totalCount: list.total,
        algorithmVersion: list.version,
        variant: null,
        generationTimeMs: performance.now() - started,
        cached,
        degraded: shown.length === 0 ? 'EMPTY' : list.degraded,
      };
    },
    refresh: (tenant, userId) => personStates.touch(tenant, [userId]),
    async similarItems(tenant, itemIds, first, filter, lookup) {
      const rules = await rulesOf(tenant);
      if (rules === null) return itemIds.map(() => []);
      return similarItems({ snapshot: registry.current(tenant), similar, rules }, { itemIds, first, filter }, lookup);
    },
  };
}

/** What the ranker was given for those that are shown. */
function featuresOf({ evidence }: StoredList, shown: readonly Recommended[]): ShownFeatures | null {
  if (evidence.features.length === 0) return null;
  const { features, matrix } = selectEvidence(
    { ...evidence, sources: [] },
    shown.map(({ place }) => place),
  );
  return { names: features, values: matrix };
}
