import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { type Clock, DAY_MS, MINUTE_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Glimpse, ShownList } from '../../domain/shown.js';
import { within } from '../../domain/within.js';
import type { PubSub } from '../../store/ports/pubSub.js';
import type { ShownLog } from '../../store/ports/shownLog.js';
import { type GrowingImpressions, growImpressions, type Impressions, NO_IMPRESSIONS } from './impressions.js';
import { keyOf } from './keys.js';
import { type ByTenant, readByTenant } from './readByTenant.js';
import { createShownNews, type ShownNews } from './shownNews.js';

export interface ImpressionStates {
  /** What the person was shown on any node, up to about a second ago; nothing while the log cannot be read. */
  load(tenant: string, userId: string): Promise<Impressions>;
  /** Counts a list, here at once and on the other nodes within a second. */
  note(list: ShownList): void;
  /** Nothing is known of what the person was shown, on all nodes. Call once it is gone from the log. */
  forget(tenant: string, userId: string): Promise<void>;
  /** Tells the other nodes what they have not heard yet. */
  dispose(): Promise<void>;
}

/** The newest lists that count. */
const LISTS = 50;
const WINDOW_MS = 7 * DAY_MS;
/** Entries of lists kept in this process over all people: about 100 bytes each. */
const KEPT_ENTRIES = 400_000;
/** After that a state is read again, for the sake of messages that were lost. */
const GOOD_FOR_MS = 10 * MINUTE_MS;
/** A list does without, rather than wait longer. */
const PATIENCE_MS = 50;
/** How long a list that was shown may take to arrive in the log. */
const ARRIVAL_MS = 5_000;
const MOST_PER_READ = 64;

interface Kept {
  readonly impressions: GrowingImpressions;
  readonly readAt: number;
}

/**
 * The log of shown lists is the truth. A person's state is read from it once, kept in this process and grown by
 * the lists of all nodes, which tell each other in messages several times a second. What was shown while the log was being read, or
 * has not arrived in it, is held for some seconds and added. A message that is lost costs a count until the state is read again.
 */
export function createImpressionStates(parts: {
  readonly shownLog: Pick<ShownLog, 'newest'>;
  readonly pubSub: PubSub;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
}): ImpressionStates {
  const { shownLog, clock, log } = parts;
  const kept = new LRUCache<string, Kept>({
    maxSize: KEPT_ENTRIES,
    sizeCalculation: ({ impressions }) => impressions.size + 1,
  });
  const reads = new DataLoader<ByTenant, readonly Glimpse[], ByTenant>(
    (people) => readByTenant(people, (tenant, ids) => shownLog.newest(tenant, ids, clock() - WINDOW_MS, LISTS)),
    { cache: false, maxBatchSize: MOST_PER_READ },
  );
  const reading = new Map<string, Promise<Impressions>>();
  const arriving = createArriving(clock);

  const add = (tenant: string, userId: string, list: Glimpse) => {
    const key = keyOf('shown', tenant, userId);
    const known = kept.get(key);
    arriving.add(key, list);
    if (known === undefined) return;
    known.impressions.add(list);
    kept.set(key, known);
  };
  const drop = (tenant: string, userId: string) => {
    const key = keyOf('shown', tenant, userId);
    kept.delete(key);
    arriving.drop(key);
  };
  const news: ShownNews = createShownNews({ ...parts, shown: add, forgotten: drop });

  const read = async (key: string, tenant: string, userId: string): Promise<Impressions> => {
    const readAt = clock();
    const lists = await reads.load({ tenant, userId });
    const impressions = growImpressions(LISTS);
    for (const list of [...lists].reverse()) impressions.add(list);
    for (const list of arriving.of(key)) impressions.add(list);
    kept.set(key, { impressions, readAt });
    return impressions;
  };

  return {
    async load(tenant, userId) {
      const key = keyOf('shown', tenant, userId);
      const known = kept.get(key);
      known?.impressions.forgetBefore(clock() - WINDOW_MS);
      if (known !== undefined && Math.abs(clock() - known.readAt) < GOOD_FOR_MS) return known.impressions;
      try {
        const answer = reading.get(key) ?? read(key, tenant, userId).finally(() => reading.delete(key));
        reading.set(key, answer);
        return await within(PATIENCE_MS, answer);
      } catch (error) {
        log.warn({ err: error, tenant }, 'what a person was shown cannot be read in time: ranking without');
        return known?.impressions ?? NO_IMPRESSIONS;
      }
    },
    note(list) {
      const { tenant, userId, requestId, itemIds, createdAt } = list;
      const glimpse = { requestId, itemIds, shownAt: createdAt };
      add(tenant, userId, glimpse);
      news.tell(tenant, userId, glimpse);
    },
    async forget(tenant, userId) {
      drop(tenant, userId);
      await news.tellForgotten(tenant, userId);
    },
    dispose: news.dispose,
  };
}

/** Lists by person, each for `ARRIVAL_MS` at least and twice that at most. */
function createArriving(clock: Clock) {
  let young = new Map<string, Glimpse[]>();
  let old = new Map<string, Glimpse[]>();
  let since = Number.NEGATIVE_INFINITY;
  const age = () => {
    const waited = Math.abs(clock() - since);
    if (waited < ARRIVAL_MS) return;
    old = waited < 2 * ARRIVAL_MS ? young : new Map();
    young = new Map();
    since = clock();
  };
  return {
    add(key: string, list: Glimpse) {
      age();
      const lists = young.get(key);
      if (lists === undefined) young.set(key, [list]);
      else lists.push(list);
    },
    of(key: string): Glimpse[] {
      age();
      return [...(old.get(key) ?? []), ...(young.get(key) ?? [])];
    },
    drop(key: string) {
      young.delete(key);
      old.delete(key);
    },
  };
}
