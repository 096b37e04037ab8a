import { type Clock, HOUR_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { hash32 } from '../../domain/random.js';
import type { Impressions } from '../../engine/live/impressions.js';
import type { PersonState } from '../../engine/live/personStates.js';
import type { ActiveRules } from '../../engine/live/ruleBooks.js';
import type { RankedItems, Recommender } from '../../engine/recommender.js';
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
}

/** Rungs one and two of the ladder: the pipeline on a snapshot, through the cache. */
export function createModelRung(parts: {
  readonly recommender: Pick<Recommender, 'recommend'>;
  readonly lists: ListCache;
  readonly exploration: number;
  readonly clock: Clock;
  readonly log: Log;
}) {
  const { recommender, lists, exploration, clock, log } = parts;
  const running = new Map<string, Promise<StoredList>>();

  const rank = async (request: RecommendRequest, snapshot: Snapshot, standing: Standing) => {
    const { person, impressions, rules, requestId } = standing;
    const now = clock();
    const ranked = await recommender.recommend({
      snapshot,
      events: person?.events ?? [],
      impressions,
      facts: person?.facts ?? null,
      surface: request.surface,
      context: request.context,
      filter: request.filter,
      excludeSeen: request.excludeSeen,
      excludeIds: request.excludeIds,
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
    });
    if (ranked.dropped.length > 0) {
      const failed = ranked.trace.filter(({ error }) => error !== null);
      log.warn({ tenant: request.tenant, dropped: ranked.dropped, failed }, 'parts of the pipeline failed');
    }
    return ranked;
  };

  /** A list that some part is missing from is served, but not kept: the next one may be whole again. */
  const rankAndKeep = async (key: string, request: RecommendRequest, snapshot: Snapshot, standing: Standing) => {
    const ranked = await rank(request, snapshot, standing);
    const list = listOf(ranked, snapshot);
    if (ranked.dropped.length === 0 && ranked.items.length > 0) await lists.keep(key, list);
    return list;
  };

  /** A person who cannot be read is served as a stranger, and the list says so. */
  return async (
    request: RecommendRequest,
    snapshot: Snapshot,
    standing: Standing,
  ): Promise<{ list: StoredList; cached: boolean }> => {
    const { person, impressions, rules } = standing;
    if (person === null) {
      const list = listOf(await rank(request, snapshot, standing), snapshot);
      return { list: { ...list, degraded: 'POPULAR' }, cached: false };
    }
    const key = listKey(request, [
      snapshot.version,
      snapshot.edition,
      person.version,
      rules.version,
      `${impressions.mark}`,
    ]);
    const known = await lists.find(key);
    if (known !== null) return { list: known, cached: true };
    const flight = running.get(key) ?? rankAndKeep(key, request, snapshot, standing);
    running.set(key, flight);
    try {
      return { list: await flight, cached: false };
    } finally {
      running.delete(key);
    }
  };
}

function listOf({ items, evidence, total, byHeuristic }: RankedItems, { version }: Snapshot): StoredList {
  return { version, degraded: byHeuristic ? 'HEURISTIC_RANKER' : 'NONE', total, items, evidence };
}
