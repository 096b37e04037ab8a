import type { Clock } from '../../domain/clock.js';
import { deadlineIn } from '../../domain/deadline.js';
import type { Log } from '../../domain/log.js';
import { within } from '../../domain/within.js';
import type { RuleBooks } from '../../engine/live/ruleBooks.js';
import type { Cache } from '../../store/ports/cache.js';
import type { Counters } from '../../store/ports/counters.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import type { PubSub } from '../../store/ports/pubSub.js';
import type { Sightings } from '../../store/ports/sightings.js';
import { idsOf } from './changes.js';
import { createFeeds } from './feeds.js';
import { createIntake } from './intake.js';
import { createLists } from './lists.js';
import { createReleases } from './privacy.js';
import { rank, readCounts } from './rankings.js';
import { createRecount } from './recount.js';
import { createTally } from './tally.js';
import type { TrendingList, TrendingRequest, TrendingService, TrendingWindow } from './types.js';

export interface TrendingDeps {
  readonly eventLog: Pick<EventLog, 'scan'>;
  readonly entities: Pick<EntityStore, 'items' | 'itemStats'>;
  readonly ruleBooks: Pick<RuleBooks, 'load'>;
  readonly counters: Counters;
  readonly sightings: Sightings;
  readonly cache: Cache;
  readonly pubSub: PubSub;
  /** Differential privacy of what is counted; null for none. */
  readonly dpEpsilon: number | null;
  /** Whether there is so much to do that what can wait must. */
  readonly isBusy: () => boolean;
  /** Milliseconds in which a list is to be made. */
  readonly deadlineMs: number;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tenants whose counts, items or rules have changed. */
const CHANNEL = 'trending';
/** How long a list waits while the log is counted for the first time. */
const PATIENCE_MS = 1_000;
/** Of the time for a list: for counting what waits to be counted. */
const COUNT_SHARE = 0.5;
const FILTER_WINDOW: TrendingWindow = 'HOUR';

/** What rises, as a list and live; see `burst.ts` for the score and `tally.ts` for what is counted. */
export function createTrendingService(deps: TrendingDeps): TrendingService {
  const { pubSub, log, dpEpsilon } = deps;
  const changed = (tenant: string) => pubSub.publish(CHANNEL, tenant);
  const onCounted = (tenant: string) => void changed(tenant);
  const tally = createTally(deps);
  const recount = createRecount({ ...deps, tally, onCounted });
  const intake = createIntake({ ...deps, tally, onCounted, onLost: recount.lost });
  const read = (tenant: string, window: TrendingWindow) => readCounts(deps, tenant, window);
  const rankings =
    dpEpsilon === null
      ? async (tenant: string, window: TrendingWindow) => rank(await read(tenant, window))
      : createReleases({ ...deps, epsilon: dpEpsilon, read });
  const lists = createLists({ ...deps, rankings });
  const feeds = createFeeds({ ...deps, lists });
  const listening = pubSub
    .subscribe(CHANNEL, (tenant) => {
      lists.hint(tenant);
      feeds.hint(tenant);
    })
    .catch((error: unknown) => {
      log.warn({ err: error }, 'what other nodes count is not heard of here; lists look for it every few seconds');
      return async () => {};
    });

  /** The counts are made from the log first, but a long log keeps nobody waiting. */
  const prepare = (tenant: string) => within(PATIENCE_MS, recount.ensure(tenant)).catch(() => undefined);

  const list = async ({ tenant, window, filter, first }: TrendingRequest): Promise<TrendingList> => {
    const deadline = deadlineIn(deps.deadlineMs);
    const counted = Promise.all([intake.settle(), prepare(tenant)]);
    const settled = await within(deadline.of(COUNT_SHARE), counted).then(
      () => true,
      () => false,
    );
    try {
      const items = await within(deadline.of(1), lists.of(tenant, window, filter));
      return { items: items.slice(0, first), degraded: !settled };
    } catch (error) {
      const known = lists.last(tenant, window, filter) ?? [];
      log.error(
        { err: error, tenant, items: known.length },
        'what trends cannot be read in time: serving what is known',
      );
      return { items: known.slice(0, first), degraded: true };
    }
  };

  return {
    list,
    async ids(tenant) {
      return idsOf((await list({ tenant, window: FILTER_WINDOW, filter: null, first: 100 })).items);
    },
    async subscribe(request, after) {
      await prepare(request.tenant);
      return feeds.subscribe(request, after);
    },
    note(events, address) {
      intake.note(events, address);
      for (const tenant of new Set(events.map((event) => event.tenant))) void recount.ensure(tenant);
    },
    changed,
    warm: (tenant) => void recount.ensure(tenant),
    async dispose() {
      await intake.settle();
      await feeds.dispose();
      await (await listening)();
    },
  };
}
