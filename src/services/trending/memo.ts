import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../domain/clock.js';

const KEPT = 2_000;
/** Nothing is made again sooner. */
const REST_MS = 250;
/** Believed so long while nothing is heard: counts fade. */
const GOOD_FOR_MS = 5_000;

interface Entry<T> {
  readonly value: Promise<T>;
  /** By the clock of the process: it bounds work, not meaning. */
  readonly startedAt: number;
  readonly asOf: number;
  readonly hints: number;
}

/** Keeps what is made of the counts of tenants. Made at most four times a second, whoever asks. */
export interface Memo<T> {
  /** What is known of a tenant is out of date. */
  hint(tenant: string): void;
  /** What is made after the last hint. Where making fails, what was made before stands; rejects where there is nothing. */
  get(tenant: string, key: string, make: () => Promise<T>): Promise<T>;
  /** What was made last, however old; null where nothing was. */
  last(tenant: string, key: string): T | null;
}

export function createMemo<T extends object>(clock: Clock): Memo<T> {
  const entries = new LRUCache<string, Entry<T>>({ max: KEPT });
  const made = new LRUCache<string, T>({ max: KEPT });
  const hints = new LRUCache<string, number>({ max: KEPT });
  let count = 0;

  const renew = async (known: Entry<T> | undefined, make: () => Promise<T>): Promise<T> => {
    if (known === undefined) return make();
    const age = performance.now() - known.startedAt;
    if (age < REST_MS) await sleep(REST_MS - age);
    return make().catch(() => known.value);
  };

  return {
    hint(tenant) {
      count += 1;
      hints.set(tenant, count);
    },
    get(tenant, key, make) {
      const heard = hints.get(tenant) ?? 0;
      const full = fullKey(tenant, key);
      const known = entries.get(full);
      if (known !== undefined && known.hints === heard && Math.abs(clock() - known.asOf) < GOOD_FOR_MS)
        return known.value;
      const value = renew(known, make);
      const startedAt = Math.max(performance.now(), (known?.startedAt ?? Number.NEGATIVE_INFINITY) + REST_MS);
      entries.set(full, { value, startedAt, asOf: clock(), hints: heard });
      value.then(
        (known) => made.set(full, known),
        () => {
          if (entries.get(full)?.value === value) entries.delete(full);
        },
      );
      return value;
    },
    last: (tenant, key) => made.get(fullKey(tenant, key)) ?? null,
  };
}

function fullKey(tenant: string, key: string): string {
  return `${tenant}\0${key}`;
}
