import type { Clock } from '../../domain/clock.js';
import { type Deadline, deadlineIn } from '../../domain/deadline.js';
import type { Log } from '../../domain/log.js';
import type { ShownFeatures } from '../../domain/shown.js';
import { within } from '../../domain/within.js';
import { NO_EVIDENCE, selectEvidence } from '../../engine/explain/evidence.js';
import type { ImpressionStates } from '../../engine/live/impressionStates.js';
import type { PersonState, PersonStates } from '../../engine/live/personStates.js';
import type { ActiveRules, RuleBooks } from '../../engine/live/ruleBooks.js';
import type { Recommender } from '../../engine/recommender.js';
import type { Similar } from '../../engine/similar.js';
import type { Snapshot } from '../../registry/snapshot.js';
import type { Cache } from '../../store/ports/cache.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { Sessions } from '../sessions/create.js';
import { admission, exclusionsOf } from './entityFilter.js';
import { createListCache } from './listCache.js';
import { asked, createModelRung } from './modelRung.js';
import { poorerBecause, WHY } from './poorer.js';
import { rememberPopular } from './popularItems.js';
import { DEPTH, idsOut, NO_MODEL, popularRung } from './popularRung.js';
import { present } from './present.js';
import type { RequestLists } from './requestLists.js';
import { similarItems } from './similarItems.js';
import { keepOnly, type StoredList } from './storedList.js';
import type { ItemLookup, RecommendationService, Recommendations, Recommended, RecommendRequest } from './types.js';

export interface RecommendationDeps {
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly entities: Pick<EntityStore, 'popularItems' | 'items'>;
  readonly personStates: PersonStates;
  readonly sessions: Sessions;
  readonly impressionStates: Pick<ImpressionStates, 'load'>;
  readonly ruleBooks: Pick<RuleBooks, 'load'>;
  readonly recommender: Recommender;
  readonly similar: Similar;
  readonly requestLists: RequestLists;
  readonly cache: Cache;
  /** Share of the positions that are given to uncertain items, 0 to 0.5. */
  readonly exploration: number;
  /** Whether there is so much to do that poorer lists must do. */
  readonly isBusy: () => boolean;
  /** Milliseconds in which a list is to be made: each stage gets a share of what is left. */
  readonly deadlineMs: number;
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
  /** Whether what is shown may be written down: not of someone who wants no list of their own. */
  readonly noted: boolean;
  /** Why it is not better. */
  readonly why: string;
}

/** Of the time that is left: for reading the person, and then for ranking. The rest is for poorer rungs, and for the entities. */
const PERSON_SHARE = 0.4;
const MODEL_SHARE = 0.7;
/** Of the whole time: for what is popular now, where what was popular lately would do. */
const POPULAR_SHARE = 0.1;
/** Milliseconds for the last rung and for the entities of a list, however late it is: a poorer rung that has no time left would be none. */
const LEAST_MS = 200;

const NONE: ReadonlySet<string> = new Set();

const EMPTY = {
  list: { version: NO_MODEL, degraded: 'EMPTY', total: 0, items: [], evidence: NO_EVIDENCE },
  shown: [],
  cached: false,
  repeated: false,
  noted: false,
} satisfies Omit<Answer, 'why'>;

export function createRecommendationService(deps: RecommendationDeps): RecommendationService {
  const { registry, personStates, impressionStates, ruleBooks, recommender, similar, requestLists, log } = deps;
  const modelRung = createModelRung({ ...deps, lists: createListCache(deps) });
  const patienceMs = deps.deadlineMs * POPULAR_SHARE;
  const popular = rememberPopular(deps.entities, deps.isBusy, deps.clock, patienceMs);

  const personOf = async ({ tenant, userId }: RecommendRequest, deadline: Deadline): Promise<PersonState | null> => {
    try {
      return await within(deadline.of(PERSON_SHARE), personStates.load(tenant, userId));
    } catch (error) {
      log.error({ err: error, tenant }, 'the history of a person cannot be read: serving them as a stranger');
      return null;
    }
  };

  /** Null when they cannot be read: then nothing is shown, because some of it might be what a rule keeps out. */
  const rulesOf = async (tenant: string, deadline: Deadline): Promise<ActiveRules | null> => {
    try {
      return await within(deadline.of(PERSON_SHARE), ruleBooks.load(tenant));
    } catch (error) {
      log.error({ err: error, tenant }, 'the rules cannot be read: serving nothing');
      return null;
    }
  };

  /** Down the ladder to the first rung that has something to show. */
  const climbDown = async (request: RecommendRequest, requestId: string, lookup: ItemLookup): Promise<Answer> => {
    const { tenant, userId, first, filter, surface } = request;
    const deadline = deadlineIn(deps.deadlineMs);
    const [person, rules, impressions] = await Promise.all([
      personOf(request, deadline),
      rulesOf(tenant, deadline),
      impressionStates.load(tenant, userId),
    ]);
    if (rules === null) return { ...EMPTY, why: WHY.rules };
    const noted = person?.personalised ?? true;
    const mayShow = admission(filter, rules, surface);
    const sift = filter !== null || exclusionsOf(rules, surface).length > 0 ? mayShow : null;
    const snapshot = registry.current(tenant);
    let why: string = snapshot === null ? WHY.model : person === null ? WHY.person : noted ? WHY.nothing : WHY.consent;
    const rungs = [
      async () => {
        if (snapshot === null) return null;
        const standing = { person, impressions, rules, requestId, deadline };
        const made = await within(deadline.of(MODEL_SHARE), modelRung(request, snapshot, standing));
        if (made === null) why = WHY.busy;
        return made;
      },
      async () => {
        const list = popularRung(popular, request, person, sift, lookup);
        return { list: await within(Math.max(LEAST_MS, deadline.of(1)), list), cached: false };
      },
    ];
    for (const rung of rungs) {
      request.signal?.throwIfAborted();
      try {
        const made = await rung();
        const shown =
          made === null
            ? []
            : await within(
                Math.max(LEAST_MS, deadline.of(1)),
                present(made.list, { first, leftOut: NONE }, { mayShow, lookup, snapshot }),
              );
        if (made !== null && shown.length > 0) {
          if (made.list.degraded !== 'POPULAR') popular.remember(tenant, DEPTH);
          return { ...made, shown, repeated: false, noted, why };
        }
        if (made !== null && why !== WHY.busy && person !== null && noted) why = WHY.nothing;
      } catch (error) {
        request.signal?.throwIfAborted();
        log.error({ err: error, tenant }, 'a list failed: serving a poorer one');
        why = WHY.failed;
      }
    }
    return { ...EMPTY, why };
  };

  /** The same items as before, but for those that were taken away since. */
  const again = async (list: StoredList, request: RecommendRequest, lookup: ItemLookup): Promise<Answer> => {
    const deadline = deadlineIn(deps.deadlineMs);
    const [person, rules] = await Promise.all([personOf(request, deadline), rulesOf(request.tenant, deadline)]);
    if (rules === null) return { ...EMPTY, why: WHY.rules };
    const wanted = { first: request.first, leftOut: new Set(idsOut(person, false)) };
    const by = { mayShow: admission(null, rules, request.surface), lookup, snapshot: registry.current(request.tenant) };
    return {
      list,
      shown: await present(list, wanted, by),
      cached: true,
      repeated: true,
      noted: false,
      why: WHY.repeated,
    };
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

  /** Ranks as it would now. */
  const traceOf = async (request: RecommendRequest, requestId: string, itemIds: readonly string[]) => {
    const { tenant, userId } = request;
    const snapshot = registry.current(tenant);
    const deadline = deadlineIn(deps.deadlineMs);
    const [person, rules, impressions] = await Promise.all([
      personOf(request, deadline),
      ruleBooks.load(tenant),
      impressionStates.load(tenant, userId),
    ]);
    if (snapshot === null) return null;
    const { exploration, clock } = deps;
    const standing = { person, impressions, rules, requestId, deadline };
    return recommender.trace(asked(request, snapshot, standing, { exploration, now: clock() }), itemIds);
  };

  return {
    async recommend(request, lookup): Promise<Recommendations> {
      const started = performance.now();
      const signedIn = deps.sessions.signIn(request.tenant, request.sessionId, request.userId);
      await within(deps.deadlineMs * PERSON_SHARE, signedIn).catch((error: unknown) => {
        log.warn({ err: error, tenant: request.tenant }, 'what was done in a session is not in this list yet');
      });
      const requestId = request.requestId ?? deps.newId();
      const found = await answer(request, requestId, lookup);
      const { list, shown, cached, repeated, noted, why } = found;
      const degraded = shown.length === 0 ? 'EMPTY' : list.degraded;
      if (shown.length > 0 && !repeated && noted) conclude(request, requestId, found);
      return {
        requestId,
        recommendations: shown,
        totalCount: list.total,
        algorithmVersion: list.version,
        variant: null,
        generationTimeMs: performance.now() - started,
        cached,
        degraded,
        reason: poorerBecause(degraded, why),
        trace: (itemIds) => traceOf(request, requestId, itemIds),
      };
    },
    refresh: (tenant, userId) => personStates.touch(tenant, [userId]),
    async similarItems(tenant, itemIds, first, filter, lookup) {
      const rules = await rulesOf(tenant, deadlineIn(deps.deadlineMs));
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
