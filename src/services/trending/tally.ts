import { hash } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import { hash32 } from '../../domain/random.js';
import type { Counters } from '../../store/ports/counters.js';
import type { Sightings } from '../../store/ports/sightings.js';
import { itemBoard, type Reach, reachMs, totalBoard, WINDOW_NAMES, WINDOWS } from './windows.js';

/** Someone took to something. */
export interface Act {
  readonly itemId: string;
  readonly userId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Names the caller's address without telling it; null where unknown. */
  readonly address: string | null;
}

/** Counts people who take to items, each person once. */
export interface Tally {
  /** @throws StoreAway */
  count(tenant: string, acts: readonly Act[]): Promise<void>;
  /** Forgets everything of a tenant. @throws StoreAway */
  clear(tenant: string): Promise<void>;
}

/** People of one address who count for one item and window. Beyond that they share places. */
export const ADDRESS_PLACES = 16;
const REACHES: readonly Reach[] = ['recent', 'usual'];
/** A count that has faded to less adds nothing. */
const LEAST = 1e-6;

/**
 * A person counts for an item in a window unless they were there less than a window ago, so that coming back at once, a
 * thousand times, is coming once. The same holds for each of the sixteen places that an address has.
 */
export function createTally(parts: {
  readonly counters: Counters;
  readonly sightings: Sightings;
  readonly clock: Clock;
}): Tally {
  const { counters, sightings, clock } = parts;

  /** For each act, how long ago the person, or their place at the address, was there: the shorter of both. */
  const absences = async (tenant: string, acts: readonly Act[]): Promise<number[]> => {
    const keys = acts.map(keysOf);
    const seen = keys.flatMap((own, row) => own.map((key) => ({ key, at: acts[row]?.at ?? 0 })));
    const before = await sightings.see(tenant, seen);
    let next = 0;
    return acts.map(({ at }, row) => {
      const own = before.slice(next, next + (keys[row]?.length ?? 0));
      next += own.length;
      return Math.min(...own.map((last) => (last === null ? Number.POSITIVE_INFINITY : at - last)));
    });
  };

  return {
    async count(tenant, acts) {
      if (acts.length === 0) return;
      const away = await absences(tenant, acts);
      const now = clock();
      const adding = WINDOW_NAMES.flatMap((window) => {
        const fresh = acts.filter((_, row) => (away[row] ?? 0) >= WINDOWS[window]);
        return REACHES.flatMap((reach) => {
          const amounts = fade(fresh, now, reachMs(window, reach));
          if (amounts.size === 0) return [];
          const total = [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
          return [
            counters.add(itemBoard(tenant, window, reach), amounts, now),
            counters.add(totalBoard(window, reach), new Map([[tenant, total]]), now),
          ];
        });
      });
      await Promise.all(adding);
    },
    async clear(tenant) {
      const clearing = WINDOW_NAMES.flatMap((window) =>
        REACHES.flatMap((reach) => [
          counters.clear(itemBoard(tenant, window, reach)),
          counters.remove(totalBoard(window, reach), tenant),
        ]),
      );
      await Promise.all([sightings.clear(tenant), ...clearing]);
    },
  };
}

/** Item → people as of `now`: one who came earlier has faded already. */
function fade(acts: readonly Act[], now: number, reach: number): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const { itemId, at } of acts) {
    const amount = Math.exp(Math.min(0, at - now) / reach);
    if (amount >= LEAST) amounts.set(itemId, (amounts.get(itemId) ?? 0) + amount);
  }
  return amounts;
}

function keysOf({ userId, itemId, address }: Act): string[] {
  const person = shortHash(`p\0${userId}\0${itemId}`);
  if (address === null) return [person];
  return [person, shortHash(`a\0${address}\0${hash32(userId) % ADDRESS_PLACES}\0${itemId}`)];
}

/** 64 bits: two of half a million keys meet with a probability of one in a hundred million. */
function shortHash(text: string): string {
  return hash('sha1', text, 'base64url').slice(0, 11);
}
