import { createHmac } from 'node:crypto';
import { type Clock, DAY_MS } from '../../domain/clock.js';
import type { FeedbackEvent } from '../../domain/events.js';
import type { Log } from '../../domain/log.js';
import { worthOf } from '../../features/worth.js';
import type { Cache } from '../../store/ports/cache.js';
import type { Act, Tally } from './tally.js';

/** Events on their way into the counts. */
export interface Intake {
  note(events: readonly FeedbackEvent[], address: string | null): void;
  /** Counts what waits. Does not throw: what cannot be counted now is counted from the log later. */
  settle(): Promise<void>;
}

const LINGER_MS = 50;
/** Acts that wait while the counters are away; more are counted from the log. */
const MOST_WAITING = 50_000;
/** So long the same address has the same name. */
const SALT_MS = 7 * DAY_MS;

/**
 * Gathers acts of a twentieth of a second. An address is turned into a name by a random salt that all nodes share and that
 * lives a week; neither is written down with the event.
 */
export function createIntake(parts: {
  readonly tally: Tally;
  readonly cache: Cache;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  /** Acts were counted, so that lists may have changed. */
  readonly onCounted: (tenant: string) => void;
  /** Acts were lost to the counts, though not to the log. */
  readonly onLost: (tenant: string) => void;
}): Intake {
  const { tally, cache, newId, clock, log, onCounted, onLost } = parts;
  let waiting = new Map<string, Act[]>();
  /** Acts that are not counted yet, and how many of them are being counted. */
  let size = 0;
  let onTheirWay = 0;
  let timer: NodeJS.Timeout | undefined;
  let counting: Promise<void> = Promise.resolve();

  const saltOf = (tenant: string) => cache.setIfAbsent(`trending:salt:${tenant}`, newId(), SALT_MS);

  const named = async (tenant: string, acts: readonly Act[]): Promise<Act[]> => {
    const salt = acts.some(({ address }) => address !== null) ? await saltOf(tenant) : '';
    return acts.map((act) => ({
      ...act,
      address:
        act.address === null ? null : createHmac('sha256', salt).update(act.address).digest('base64url').slice(0, 11),
    }));
  };

  const count = async (batch: ReadonlyMap<string, readonly Act[]>) => {
    for (const [tenant, acts] of batch) {
      try {
        await tally.count(tenant, await named(tenant, acts));
        onCounted(tenant);
      } catch (error) {
        log.warn({ err: error, tenant, acts: acts.length }, 'what trends is counted from the log later');
        onLost(tenant);
      }
    }
  };
  const settle = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.size > 0) {
      const batch = waiting;
      const taken = size - onTheirWay;
      waiting = new Map();
      onTheirWay = size;
      // One after another, so that of one person's acts the first is counted.
      counting = counting
        .then(() => count(batch))
        .then(() => {
          size -= taken;
          onTheirWay -= taken;
        });
    }
    return counting;
  };

  return {
    note(events, address) {
      for (const { tenant, target, userId, action, value, occurredAt } of events) {
        if (!('itemId' in target) || worthOf(action, value) <= 0) continue;
        if (size >= MOST_WAITING) {
          onLost(tenant);
          continue;
        }
        const acts = waiting.get(tenant) ?? [];
        waiting.set(tenant, acts);
        acts.push({ itemId: target.itemId, userId, at: Math.min(occurredAt, clock()), address });
        size += 1;
      }
      if (size > onTheirWay) timer ??= setTimeout(() => void settle(), LINGER_MS).unref();
    },
    settle,
  };
}
