import { type Clock, HOUR_MS } from '../../domain/clock.js';
import type { Deadline } from '../../domain/deadline.js';
import type { Log } from '../../domain/log.js';
import { hash32 } from '../../domain/random.js';
import { type Impressions, NO_IMPRESSIONS } from '../../engine/live/impressions.js';
import type { PersonState } from '../../engine/live/personStates.js';
import type { ActiveRules } from '../../engine/live/ruleBooks.js';
import type { RankedItems, Recommender, RecommenderRequest } from '../../engine/recommender.js';
import type { Snapshot } from '../../registry/snapshot.js';
import { type ListCache, listKey } from './listCache.js';
import type { StoredList } from './storedList.js';
import type { RecommendRequest } from './types.js';

/** Ranked beyond what is asked for, to stand in for items hidden since. */
const RESERVE = 10;

/** What a list is made from besides the request and the snapshot, as of now. */
export interface Standing {
  /** Null when what the person did cannot be read. */
  readonly person: PersonState | null;
  /** What the person was shown lately. */
  readonly impressions: Impressions;
  readonly rules: ActiveRules;
  /** The id of the request, the caller's own or a new one: what is left to chance is drawn by it. */
  readonly requestId: string;
  readonly deadline: Deadline;
}

/** Rungs one and two of the ladder: the pipeline on a snapshot, through the cache. */
export function createModelRung(parts: {
  readonly recommender: Pick<Recommender, 'recommend'>;
  readonly lists: ListCache;
  readonly exploration: number;
  readonly isBusy: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}) {
  const { recommender, lists, exploration, isBusy, clock, log } = parts;
  const running = new Map<string, Promise<StoredList>>();

  const rank = async (request: RecommendRequest, snapshot: Snapshot, standing: Standing) => {
    const ranked = await recommender.recommend(asked(request, snapshot, standing, { exploration, now: clock() }));
    if (ranked.dropped.length > 0) {
      const failed = ranked.trace.filter(({ error }) => error !== null);
      log.warn({ tenant: request.tenant, dropped: ranked.dropped, failed }, 'parts of the pipeline failed');
    }
    return ranked;
  };

  /** A list that some part is missing from is served, but not kept: the next one may be whole again. */
  const rankAndKeep = async (key: string, request: RecommendRequest, snapshot: Snapshot, standing: Standing) => {
    const ranked = await rank(request, snapshot, standing);
    const made = listOf(ranked, snapshot);
    const list: StoredList = standing.person?.personalised === false ? { ...made, degraded: 'POPULAR' } : made;
    if (ranked.dropped.length === 0 && ranked.items.length > 0) await lists.keep(key, list);
    return list;
  };

  /** Null where there is too much to do to rank. A person who cannot be read is served as a stranger, and the list says so. */
  return async (
    request: RecommendRequest,
    snapshot: Snapshot,
    standing: Standing,
  ): Promise<{ list: StoredList; cached: boolean } | null> => {
    const { person, rules } = standing;
    if (person === null) {
      if (isBusy()) return null;
      const list = listOf(await rank(request, snapshot, standing), snapshot);
      return { list: { ...list, degraded: 'POPULAR' }, cached: false };
    }
    // Of someone who wants no list of their own everyone's is made, and it says so.
    const impressions = person.personalised ? standing.impressions : NO_IMPRESSIONS;
    const key = listKey(request, [
      snapshot.version,
      snapshot.edition ?? '',
      person.version,
      rules.version,
      `${impressions.mark}`,
    ]);
    const known = await lists.find(key);
    if (known !== null) return { list: known, cached: true };
    if (isBusy()) return null;
    const flight = running.get(key) ?? rankAndKeep(key, request, snapshot, { ...standing, impressions });
    running.set(key, flight);
    try {
      return { list: await flight, cached: false };
    } finally {
      running.delete(key);
    }
  };
}

/** What the engine is asked for the sake of a request. */
export function asked(
  request: RecommendRequest,
  snapshot: Snapshot,
  { person, impressions, rules, requestId, deadline }: Standing,
  { exploration, now }: { readonly exploration: number; readonly now: number },
): RecommenderRequest {
  return {
    snapshot,
    events: person?.events ?? [],
    impressions,
    facts: person?.facts ?? null,
    surface: request.surface,
    context: request.context,
    filter: request.filter,
    excludeSeen: request.excludeSeen,
    excludeIds:
      person === null || person.personalised ? request.excludeIds : [...request.excludeIds, ...person.banished],
    rules,
    chance: {
      share: exploration,
      seed: hash32(requestId),
      turn: hash32(`${Math.floor(now / HOUR_MS)} ${request.userId}`),
    },
    diversity: request.diversity,
    first: request.first,
    count: request.first + RESERVE,
    now,
    deadline,
  };
}

function listOf({ items, evidence, total, byHeuristic }: RankedItems, { version }: Snapshot): StoredList {
  return { version, degraded: byHeuristic ? 'HEURISTIC_RANKER' : 'NONE', total, items, evidence };
}
