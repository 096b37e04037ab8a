import { setTimeout as rest } from 'node:timers/promises';
import { type Clock, DAY_MS, MINUTE_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { worthOf } from '../../features/worth.js';
import type { Cache } from '../../store/ports/cache.js';
import type { EventLog, EventPage } from '../../store/ports/eventLog.js';
import type { Act, Tally } from './tally.js';
import { reachMs } from './windows.js';

/** Keeps the counts true to the log: counts that were lost (a restart, an emptied Redis) are made again from it. */
export interface Recount {
  /** Looks at most every few seconds whether the counts of a tenant are there, and makes them if not. Does not throw. */
  ensure(tenant: string): Promise<void>;
  /** Acts of the tenant are missing from the counts: they are made anew as soon as they can be. */
  lost(tenant: string): void;
}

const LOOK_MS = 5_000;
/** Events counted in one go: some 5 ms of the event loop, after which it is somebody else's turn. */
const PAGE = 1_000;
/** After each page it rests for as long as the page took, and while there is much to do for so long more, a page at a time. */
const BUSY_REST_MS = 250;
/** Of the time since a count was begun, the part after which the next one may be: counts that are lost again and again cost little. */
const SHARE = 0.2;
const MOST_WAIT_MS = 10 * MINUTE_MS;
const MARK_TTL_MS = 365 * DAY_MS;
/** How long others wait for a node that is counting, should it have died; and how often it says that it has not. */
const LOCK_TTL_MS = MINUTE_MS;
const HOLD_MS = 10_000;
/** Mean lives of the longest count after which an event has faded to a twentieth. */
const MEAN_LIVES = 3;
/** Feedback may carry a time a little ahead. */
const AHEAD_MS = 10 * MINUTE_MS;

interface Place {
  lookedAt: number;
  countedAt: number;
  /** So long after `countedAt` it is not counted again. */
  waitMs: number;
  looking: Promise<void> | null;
  lost: boolean;
}

/**
 * A mark in the shared cache goes when the counts go. Who misses it takes a lock and counts the log anew; what is counted
 * meanwhile, here or on other nodes, is seen to have been counted.
 */
export function createRecount(parts: {
  readonly eventLog: Pick<EventLog, 'scan'>;
  readonly tally: Tally;
  readonly cache: Cache;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether there is so much to do that what can wait must. */
  readonly isBusy: () => boolean;
  readonly onCounted: (tenant: string) => void;
}): Recount {
  const { eventLog, tally, cache, newId, clock, log, isBusy, onCounted } = parts;
  const places = new Map<string, Place>();
  const placeOf = (tenant: string): Place => {
    const place = places.get(tenant) ?? newPlace();
    places.set(tenant, place);
    return place;
  };

  /** False when another node counts by now: this one said nothing for too long. */
  const recount = async (tenant: string, lock: string, own: string): Promise<boolean> => {
    const now = clock();
    let heldAt = now;
    await tally.clear(tenant);
    let events = 0;
    const from = now - MEAN_LIVES * reachMs('WEEK', 'usual');
    let started = performance.now();
    for await (const page of eventLog.scan(tenant, now + AHEAD_MS, from, PAGE)) {
      await tally.count(tenant, actsOf(page, clock()));
      events += page.itemIds.length;
      if (Math.abs(clock() - heldAt) >= HOLD_MS) {
        if ((await cache.get(lock)) !== own) return false;
        await cache.set(lock, own, LOCK_TTL_MS);
        heldAt = clock();
      }
      await rest(performance.now() - started + (isBusy() ? BUSY_REST_MS : 0));
      started = performance.now();
    }
    log.info({ tenant, events }, 'what trends was counted from the log');
    return true;
  };

  const look = async (tenant: string, place: Place) => {
    const mark = `trending:counted:${tenant}`;
    const lock = `trending:counting:${tenant}`;
    try {
      if (place.lost) await cache.delete(mark);
      if (!place.lost && (await cache.get(mark)) !== null) return;
      if (Math.abs(clock() - place.countedAt) < place.waitMs) return;
      const own = newId();
      if ((await cache.setIfAbsent(lock, own, LOCK_TTL_MS)) !== own) return;
      place.lost = false;
      const begun = clock();
      let counted = false;
      try {
        counted = await recount(tenant, lock, own);
        if (counted) await cache.set(mark, own, MARK_TTL_MS);
      } finally {
        place.countedAt = clock();
        place.waitMs = Math.min(MOST_WAIT_MS, Math.abs(place.countedAt - begun) * (1 / SHARE - 1));
        if ((await cache.get(lock)) === own) await cache.delete(lock);
      }
      if (counted) onCounted(tenant);
    } catch (error) {
      place.lost = true;
      log.warn({ err: error, tenant }, 'what trends cannot be counted now: trying again');
    } finally {
      place.lookedAt = clock();
      place.looking = null;
    }
  };

  return {
    async ensure(tenant) {
      const place = placeOf(tenant);
      if (place.looking === null && Math.abs(clock() - place.lookedAt) >= LOOK_MS) place.looking = look(tenant, place);
      await place.looking;
    },
    lost(tenant) {
      placeOf(tenant).lost = true;
    },
  };
}

function newPlace(): Place {
  const never = Number.NEGATIVE_INFINITY;
  return { lookedAt: never, countedAt: never, waitMs: 0, looking: null, lost: false };
}

function actsOf({ itemIds, userIds, actions, values, occurredAt }: EventPage, now: number): Act[] {
  return itemIds.flatMap((itemId, row) => {
    const action = actions[row];
    const value = values[row] ?? Number.NaN;
    if (action === undefined || worthOf(action, Number.isNaN(value) ? null : value) <= 0) return [];
    return [{ itemId, userId: userIds[row] ?? '', at: Math.min(occurredAt[row] ?? 0, now), address: null }];
  });
}
