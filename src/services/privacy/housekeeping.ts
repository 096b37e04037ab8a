import { type Clock, DAY_MS, HOUR_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Meter } from '../../domain/meter.js';
import { keyOf } from '../../engine/live/keys.js';
import type { Cache } from '../../store/ports/cache.js';
import type { PrivacyStore } from '../../store/ports/privacyStore.js';
import { createBackgroundLoop } from '../backgroundLoop.js';
import type { Traces } from './traces.js';

/** Finishes erasures, and lets what is too old go. */
export interface Housekeeping {
  /** Once the database is migrated. */
  start(): void;
  /** Finishes the step under way. */
  stop(): Promise<void>;
}

export interface HousekeepingDeps {
  readonly privacy: Pick<PrivacyStore, 'unsettled' | 'settle' | 'expire'>;
  readonly traces: Traces;
  readonly cache: Pick<Cache, 'delete'>;
  /** Raw events and lists older than so many days are deleted; null for none. */
  readonly retentionDays: number | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** How long what was on its way when someone was erased may take to arrive. */
  readonly arrivalMs?: number;
}

const ARRIVAL_MS = 10_000;
const LOOK_MS = 2_000;
const AT_ONCE = 100;
/** Rows of one transaction: some milliseconds. */
const BATCH = 1_000;
/** Between two batches, so that who writes has the disk. */
const PAUSE_MS = 50;
/** What a person's events make: their versions go, see `versionedStates.ts`. */
const STATES = ['person', 'social'];
const EXPIRE_EVERY_MS = HOUR_MS;

/**
 * An erasure is settled when whatever was on its way at that moment has arrived: a list being written, a counter being added to, a
 * process that died in the middle. It is done once more then, and its note removed.
 */
export function createHousekeeping(deps: HousekeepingDeps): Housekeeping {
  const { privacy, traces, retentionDays, clock, log, arrivalMs = ARRIVAL_MS } = deps;
  let expiredAt = Number.NEGATIVE_INFINITY;

  const settle = async () => {
    for (const erasure of await privacy.unsettled(clock() - arrivalMs, AT_ONCE)) {
      try {
        await traces.forget(erasure.tenant, erasure.userId);
        await privacy.settle(erasure);
      } catch (error) {
        log.error({ err: error, tenant: erasure.tenant }, 'an erasure is not complete; it is tried again');
      }
    }
  };
  const loop = createBackgroundLoop({
    async turn() {
      await settle();
      if (retentionDays !== null && Math.abs(clock() - expiredAt) >= EXPIRE_EVERY_MS) {
        expiredAt = clock();
        await expire(deps, { days: retentionDays, isStopped: loop.isStopped });
      }
      return LOOK_MS;
    },
    onFailure: (error) => log.error({ err: error }, 'housekeeping failed; it is tried again'),
    afterFailureMs: LOOK_MS,
  });
  return { start: loop.start, stop: loop.stop };
}

/** Deletes what is older than so many days in small batches; answers how much that was. */
export async function expire(
  { privacy, cache, clock, log, meter }: Pick<HousekeepingDeps, 'privacy' | 'cache' | 'clock' | 'log' | 'meter'>,
  { days, isStopped }: { readonly days: number; readonly isStopped: () => boolean },
): Promise<{ events: number; lists: number }> {
  const before = clock() - days * DAY_MS;
  const sum = { events: 0, lists: 0 };
  const expired = meter.counter('curio_expired_rows_total', 'Raw events and shown lists deleted because of their age', [
    'kind',
  ]);
  while (!isStopped()) {
    const { events, lists, people } = await privacy.expire(before, BATCH);
    if (events + lists === 0) break;
    sum.events += events;
    sum.lists += lists;
    expired({ kind: 'event' }, events);
    expired({ kind: 'list' }, lists);
    // Their next list is made of what is left.
    const states = people.flatMap(({ tenant, userId }) => STATES.map((kind) => keyOf(kind, tenant, userId)));
    await Promise.all(states.map((key) => cache.delete(key)));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  if (sum.events + sum.lists > 0) log.info({ days, ...sum }, 'events and lists that were too old are deleted');
  return sum;
}
