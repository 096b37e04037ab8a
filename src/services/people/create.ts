import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { PEOPLE_SURFACE } from '../../domain/shown.js';
import type { PersonStates } from '../../engine/live/personStates.js';
import type { SocialStates } from '../../engine/live/socialStates.js';
import type { Matches, Matchmaker, MatchRequest } from '../../engine/people/matchmaker.js';
import type { Snapshot } from '../../registry/snapshot.js';
import type { Cache } from '../../store/ports/cache.js';
import { NO_MODEL } from '../recommendations/popularRung.js';
import { createPeopleLists, type Made, type PeopleList } from './peopleLists.js';
import { type Presented, present } from './present.js';
import type { PeopleRequest, PeopleService, UserLookup } from './types.js';

export interface PeopleDeps {
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly personStates: Pick<PersonStates, 'load'>;
  readonly socialStates: Pick<SocialStates, 'load'>;
  readonly matchmaker: Matchmaker;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
}

type Kind = 'recommend' | 'similar';

/** Ranked beyond what is asked for, to stand in for people who are gone or have changed since. */
const RESERVE = 20;

const NOTHING: PeopleList = { version: NO_MODEL, whole: false, total: 0, people: [] };

/**
 * Lists of people. Without what the person did to people, and what people did to them, nobody is shown: it might be someone who
 * was blocked.
 */
export function createPeopleService(deps: PeopleDeps): PeopleService {
  const { registry, personStates, socialStates, matchmaker, clock, log } = deps;
  const lists = createPeopleLists(deps.cache);

  const make = async (kind: Kind, request: MatchRequest): Promise<Made> => {
    const matches = await matchmaker[kind](request);
    if (matches.dropped.length > 0) report(request.tenant, matches);
    const { snapshot } = request;
    const whole = snapshot?.people != null;
    const list = { version: snapshot?.version ?? NO_MODEL, whole, total: matches.total, people: matches.people };
    return { list, keep: matches.dropped.length === 0 && matches.people.length > 0 };
  };
  const report = (tenant: string, { dropped, trace }: Matches) => {
    const failed = trace.filter(({ error }) => error !== null);
    log.warn({ tenant, dropped, failed }, 'parts of a list of people failed');
  };

  const rank = async (kind: Kind, request: PeopleRequest) => {
    const { tenant, userId, first, filter, excludeSeen } = request;
    const [person, relations] = await Promise.all([
      personStates.load(tenant, userId),
      socialStates.load(tenant, userId),
    ]);
    const snapshot = registry.current(tenant);
    const key = [
      kind,
      tenant,
      userId,
      first,
      filter,
      excludeSeen,
      snapshot?.version,
      person.version,
      relations.version,
    ];
    return lists.find(key, () =>
      make(kind, {
        tenant,
        userId,
        facts: person.facts,
        events: person.events,
        relations,
        snapshot,
        filter,
        excludeSeen,
        count: first + Math.max(RESERVE, first),
        now: clock(),
      }),
    );
  };

  /** What can be shown, or nothing: a list of people that fails is empty. */
  const answer = async (kind: Kind, request: PeopleRequest, lookup: UserLookup) => {
    try {
      const { list, cached } = await rank(kind, request);
      return { list, cached, shown: await present(list.people, request.first, request.filter, lookup) };
    } catch (error) {
      log.error({ err: error, tenant: request.tenant }, 'a list of people failed: serving none');
      return { list: NOTHING, cached: false, shown: [] };
    }
  };

  /** Logs who was shown, when the answer is on its way. */
  const conclude = (request: PeopleRequest, requestId: string, list: PeopleList, shown: readonly Presented[]) => {
    matchmaker.conclude(
      {
        tenant: request.tenant,
        requestId,
        userId: request.userId,
        sessionId: request.sessionId,
        surface: PEOPLE_SURFACE,
        modelVersion: list.version,
        variant: null,
        degraded: list.whole ? 'NONE' : 'POPULAR',
        context: null,
        itemIds: shown.map(({ userId }) => userId),
        scores: shown.map(({ score }) => score),
        propensities: shown.map(() => 1),
        sources: shown.map(({ source }) => source),
        features: null,
        createdAt: clock(),
      },
      (effect, error) => log.error({ err: error, effect }, 'an effect failed'),
    );
  };

  return {
    async recommend(request, lookup) {
      const started = performance.now();
      const requestId = deps.newId();
      const { list, cached, shown } = await answer('recommend', request, lookup);
      if (shown.length > 0) conclude(request, requestId, list, shown);
      return {
        requestId,
        recommendations: shown.map(({ user, score, reason, source }, position) => ({
          user,
          matchScore: score,
          reason,
          source,
          position,
        })),
        totalCount: list.total,
        algorithmVersion: list.version,
        variant: null,
        generationTimeMs: performance.now() - started,
        cached,
        degraded: shown.length === 0 ? 'EMPTY' : list.whole ? 'NONE' : 'POPULAR',
      };
    },
    async similar(tenant, userId, first, filter, lookup) {
      const request = { tenant, userId, first, filter, excludeSeen: false, sessionId: null };
      const { shown } = await answer('similar', request, lookup);
      return shown.map(({ user, score, reason }) => ({ user, score, reason }));
    },
  };
}
