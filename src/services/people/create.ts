import { BLOCKING } from '../../domain/actions.js';
import type { Clock } from '../../domain/clock.js';
import { type Deadline, deadlineIn } from '../../domain/deadline.js';
import type { Log } from '../../domain/log.js';
import { PEOPLE_SURFACE } from '../../domain/shown.js';
import { within } from '../../domain/within.js';
import type { PersonState, PersonStates } from '../../engine/live/personStates.js';
import type { SocialRelations, SocialStates } from '../../engine/live/socialStates.js';
import type { Matches, Matchmaker, MatchRequest } from '../../engine/people/matchmaker.js';
import type { Snapshot } from '../../registry/snapshot.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import { NO_MODEL } from '../recommendations/popularRung.js';
import type { Made, PeopleList, PeopleLists } from './peopleLists.js';
import { type Presented, present } from './present.js';
import type { PeopleRequest, PeopleService, UserLookup } from './types.js';

export interface PeopleDeps {
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly entities: Pick<EntityStore, 'users'>;
  readonly personStates: Pick<PersonStates, 'load'>;
  readonly socialStates: Pick<SocialStates, 'load'>;
  readonly matchmaker: Matchmaker;
  readonly peopleLists: PeopleLists;
  /** Milliseconds in which a list is to be made. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
}

type Kind = 'recommend' | 'similar';

/** Ranked beyond what is asked for, to stand in for people who are gone or have changed since. */
const RESERVE = 20;

/** Of the time that is left: for reading the person, and then for ranking. The rest is for the entities. */
const PERSON_SHARE = 0.4;
const RANK_SHARE = 0.8;
/** Milliseconds for the entities of a list, however late it is. */
const LEAST_MS = 200;

/** What keeps people out, and nothing that tells of taste: whom they follow already is kept out like whom they hid. */
function exclusionsOf({ acts, followees }: SocialRelations): SocialRelations {
  const out = acts.filter(({ action }) => action === 'UNBLOCK' || BLOCKING.has(action));
  const followed = followees.map((userId) => ({ userId, action: 'HIDE' as const, occurredAt: 0 }));
  return { acts: [...followed, ...out], advances: [], followees: [], followers: [] };
}

const NOTHING: PeopleList = { version: NO_MODEL, whole: false, total: 0, people: [] };

/**
 * Lists of people. Without what the person did to people, and what people did to them, nobody is shown: it might be someone who
 * was blocked.
 */
export function createPeopleService(deps: PeopleDeps): PeopleService {
  const { registry, entities, personStates, socialStates, matchmaker, peopleLists, clock, log } = deps;

  const make = async (kind: Kind, request: MatchRequest): Promise<Made> => {
    const matches = await matchmaker[kind](request);
    if (matches.dropped.length > 0) report(request.tenant, matches);
    const { snapshot } = request;
    const whole = snapshot?.people != null;
    // A version that is still in memory may name someone who was erased, whose id must not be kept.
    const known = await entities.users(
      request.tenant,
      matches.people.map(({ userId }) => userId),
    );
    const people = matches.people.filter((_, at) => known[at] != null);
    const list = { version: snapshot?.version ?? NO_MODEL, whole, total: matches.total, people };
    return { list, keep: matches.dropped.length === 0 && people.length > 0 };
  };
  const report = (tenant: string, { dropped, trace }: Matches) => {
    const failed = trace.filter(({ error }) => error !== null);
    log.warn({ tenant, dropped, failed }, 'parts of a list of people failed');
  };

  /** Null when it cannot be read in time: people are found without it. */
  const personOf = async ({ tenant, userId }: PeopleRequest, deadline: Deadline): Promise<PersonState | null> => {
    try {
      return await within(deadline.of(PERSON_SHARE), personStates.load(tenant, userId));
    } catch (error) {
      log.error({ err: error, tenant }, 'the history of a person cannot be read: finding people without it');
      return null;
    }
  };

  const rank = async (kind: Kind, request: PeopleRequest, deadline: Deadline) => {
    const { tenant, userId, first, filter, excludeSeen } = request;
    const [person, relations] = await Promise.all([
      personOf(request, deadline),
      within(deadline.of(PERSON_SHARE), socialStates.load(tenant, userId)),
    ]);
    request.signal?.throwIfAborted();
    // Whom nobody may compare with others meets those who are about.
    const plain = person?.personalised === false;
    if (plain && kind === 'similar') return { list: NOTHING, cached: false, noted: false };
    const snapshot = plain ? null : registry.current(tenant);
    const wanted = {
      tenant,
      userId,
      facts: person?.facts ?? null,
      events: person?.events ?? [],
      relations: plain ? exclusionsOf(relations) : relations,
      snapshot,
      filter,
      excludeSeen,
      count: first + Math.max(RESERVE, first),
      now: clock(),
      deadline,
    };
    if (person === null) {
      const { list } = await make(kind, wanted);
      return { list: { ...list, whole: false }, cached: false, noted: true };
    }
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
    const found = await peopleLists.find(tenant, key, () => make(kind, wanted));
    return { ...found, noted: !plain };
  };

  /** What can be shown, or nothing: a list of people that fails or is late is empty. */
  const answer = async (kind: Kind, request: PeopleRequest, lookup: UserLookup) => {
    const deadline = deadlineIn(deps.deadlineMs);
    try {
      const { list, cached, noted } = await within(deadline.of(RANK_SHARE), rank(kind, request, deadline));
      request.signal?.throwIfAborted();
      const shown = present(list.people, request.first, request.filter, lookup);
      return { list, cached, noted, shown: await within(Math.max(LEAST_MS, deadline.of(1)), shown) };
    } catch (error) {
      request.signal?.throwIfAborted();
      log.error({ err: error, tenant: request.tenant }, 'a list of people failed: serving none');
      return { list: NOTHING, cached: false, noted: false, shown: [] };
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
      const { list, cached, noted, shown } = await answer('recommend', request, lookup);
      if (shown.length > 0 && noted) conclude(request, requestId, list, shown);
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
    async similar(tenant, userId, first, filter, lookup, signal) {
      const request = { tenant, userId, first, filter, excludeSeen: false, sessionId: null, signal };
      const { shown } = await answer('similar', request, lookup);
      return shown.map(({ user, score, reason }) => ({ user, score, reason }));
    },
  };
}
