import { type Clock, DAY_MS } from '../../domain/clock.js';
import type { FeedbackEvent } from '../../domain/events.js';
import type { Log } from '../../domain/log.js';
import { isPositive } from '../../features/worth.js';
import type { Board, Counters } from '../../store/ports/counters.js';
import { createRecentCounts } from './recentCounts.js';

/** How often items and the works of authors were shown lately, and how often items were taken to: all fade by half in a week. */
export interface Exposures {
  /**
   * As of some seconds ago; arrays in the order of the ids. At once where all are known well enough.
   * @throws StoreAway
   */
  read(
    tenant: string,
    itemIds: readonly string[],
    authorIds: readonly string[],
  ): ExposureCounts | Promise<ExposureCounts>;
  /** Items that stood in a list, with their authors. Known to all nodes within a second. */
  shown(tenant: string, itemIds: readonly string[], authorIds: readonly (string | null)[]): void;
  /** Positive actions among the events count. Known to all nodes within a second. */
  tookTo(tenant: string, events: readonly FeedbackEvent[]): void;
  /** Forgets how often the works of a person were shown; later, when the counters are away. */
  forgetAuthor(tenant: string, authorId: string): Promise<void>;
  /** Writes what is waiting. */
  dispose(): Promise<void>;
}

export interface ExposureCounts {
  readonly shown: Float32Array;
  readonly tookTo: Float32Array;
  readonly authors: Float32Array;
}

const HALF_LIFE_MS = 7 * DAY_MS;
const LINGER_MS = 250;
/** What waits for counters that are away is bounded. */
const MOST_WAITING = 100_000;

type Kind = 'shown' | 'tookTo' | 'authors';
const boardOf = (kind: Kind, tenant: string): Board => ({ name: `${kind}:${tenant}`, halfLifeMs: HALF_LIFE_MS });

/** The one board whose members are people. */
export const authorsBoard = (tenant: string): Board => boardOf('authors', tenant);

export function createExposures(parts: {
  readonly counters: Counters;
  readonly clock: Clock;
  readonly log: Log;
}): Exposures {
  const { counters, clock, log } = parts;
  const waiting = new Map<Kind, Map<string, Map<string, number>>>();
  const recent = createRecentCounts(parts);
  /** Authors whose counts are still to be removed, because the counters were away. */
  const leaving = new Map<string, Board>();
  let size = 0;
  let timer: NodeJS.Timeout | undefined;

  const add = (kind: Kind, tenant: string, members: Iterable<string | null>) => {
    const tenants = waiting.get(kind) ?? new Map<string, Map<string, number>>();
    waiting.set(kind, tenants);
    const counts = tenants.get(tenant) ?? new Map<string, number>();
    tenants.set(tenant, counts);
    for (const member of members) {
      if (member === null || size >= MOST_WAITING) continue;
      if (!counts.has(member)) size += 1;
      counts.set(member, (counts.get(member) ?? 0) + 1);
    }
    timer ??= setTimeout(send, LINGER_MS).unref();
  };
  const send = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batches = [...waiting].flatMap(([kind, tenants]) =>
      [...tenants].map(([tenant, counts]) => ({ board: boardOf(kind, tenant), counts })),
    );
    waiting.clear();
    size = 0;
    const now = clock();
    await Promise.all([
      removeLeaving(),
      ...batches
        .filter(({ counts }) => counts.size > 0)
        .map(({ board, counts }) =>
          counters.add(board, counts, now).catch((error: unknown) => {
            log.warn({ err: error, board: board.name, lost: counts.size }, 'how often items were shown is not counted');
          }),
        ),
    ]);
  };
  const removeLeaving = async () => {
    for (const [authorId, board] of leaving) {
      try {
        await counters.remove(board, authorId);
        leaving.delete(authorId);
      } catch (error) {
        log.warn({ err: error }, 'the counts of an erased author cannot be removed now: trying again');
        return;
      }
    }
  };

  return {
    read(tenant, itemIds, authorIds) {
      const shown = recent.read(boardOf('shown', tenant), itemIds);
      const tookTo = recent.read(boardOf('tookTo', tenant), itemIds);
      const authors = recent.read(boardOf('authors', tenant), authorIds);
      if (shown instanceof Float32Array && tookTo instanceof Float32Array && authors instanceof Float32Array) {
        return { shown, tookTo, authors };
      }
      return readAll(shown, tookTo, authors);
    },
    shown(tenant, itemIds, authorIds) {
      add('shown', tenant, itemIds);
      add('authors', tenant, authorIds);
    },
    tookTo(tenant, events) {
      const items = events.flatMap(({ target, action, value }) =>
        'itemId' in target && isPositive(action, value) ? [target.itemId] : [],
      );
      if (items.length > 0) add('tookTo', tenant, items);
    },
    async forgetAuthor(tenant, authorId) {
      waiting.get('authors')?.get(tenant)?.delete(authorId);
      recent.forget(boardOf('authors', tenant), authorId);
      leaving.set(authorId, boardOf('authors', tenant));
      await removeLeaving();
    },
    dispose: send,
  };
}

type Counts = Float32Array | Promise<Float32Array>;

async function readAll(...counts: [shown: Counts, tookTo: Counts, authors: Counts]): Promise<ExposureCounts> {
  const [shown, tookTo, authors] = await Promise.all(counts);
  return { shown, tookTo, authors };
}
