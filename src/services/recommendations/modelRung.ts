import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { PersonState } from '../../engine/live/personStates.js';
import type { RankedItems, Recommender } from '../../engine/recommender.js';
import type { Snapshot } from '../../registry/snapshot.js';
import { type ListCache, listKey } from './listCache.js';
import type { StoredList } from './storedList.js';
import type { RecommendRequest } from './types.js';

/** Ranked beyond what is asked for, to stand in for hidden items. */
const RESERVE = 20;

/** Rungs one and two of the ladder: the pipeline on a snapshot, through the cache. */
export function createModelRung(parts: {
  readonly recommender: Pick<Recommender, 'recommend'>;
  readonly lists: ListCache;
  readonly clock: Clock;
  readonly log: Log;
}) {
  const { recommender, lists, clock, log } = parts;
  const running = new Map<string, Promise<StoredList>>();

  const rank = async (request: RecommendRequest, snapshot: Snapshot, person: PersonState | null) => {
    const ranked = await recommender.recommend({
      snapshot,
      events: person?.events ?? [],
      surface: request.surface,
      filter: request.filter,
      excludeSeen: request.excludeSeen,
      excludeIds: request.excludeIds,
      diversity: request.diversity,
      count: request.first + Math.max(RESERVE, request.first),
      now: clock(),
    });
    if (ranked.dropped.length > 0) {
      const failed = ranked.trace.filter(({ error }) => error !== null);
      log.warn({ tenant: request.tenant, dropped: ranked.dropped, failed }, 'parts of the pipeline failed');
    }
    return ranked;
  };

  /** A list that some part is missing from is served, but not kept: the next one may be whole again. */
  const rankAndKeep = async (key: string, request: RecommendRequest, snapshot: Snapshot, person: PersonState) => {
    const ranked = await rank(request, snapshot, person);
    const list = listOf(ranked, snapshot);
    if (ranked.dropped.length === 0 && ranked.items.length > 0) await lists.keep(key, list);
    return list;
  };

  /** `person` is null when what they did cannot be read: they are served as a stranger, and the list says so. */
  return async (
    request: RecommendRequest,
    snapshot: Snapshot,
    person: PersonState | null,
  ): Promise<{ list: StoredList; cached: boolean }> => {
    if (person === null) {
      const list = listOf(await rank(request, snapshot, null), snapshot);
      return { list: { ...list, degraded: 'POPULAR' }, cached: false };
    }
    const key = listKey(request, snapshot.version, person.version);
    const known = await lists.find(key);
    if (known !== null) return { list: known, cached: true };
    const flight = running.get(key) ?? rankAndKeep(key, request, snapshot, person);
    running.set(key, flight);
    try {
      return { list: await flight, cached: false };
    } finally {
      running.delete(key);
    }
  };
}

function listOf({ items, total, byHeuristic }: RankedItems, { version }: Snapshot): StoredList {
  return { version, degraded: byHeuristic ? 'HEURISTIC_RANKER' : 'NONE', total, items };
}
