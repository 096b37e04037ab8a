import { setImmediate as breathe } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { type Clock, MINUTE_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { copyCounts, countEvent, emptyCounts } from '../../features/itemCounts.js';
import { POSITIVE_WORTH, worthOf } from '../../features/worth.js';
import type { ItemCounts, Snapshot } from '../../registry/snapshot.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import type { PubSub } from '../../store/ports/pubSub.js';
import { type Counted, createCountNews } from './countNews.js';

export interface LiveCounts {
  /** The counts of the items of a snapshot as of now. Read them at once: they change with the next event. */
  of(snapshot: Snapshot): ItemCounts;
  /** Counts events that are stored, here at once and on the other nodes within a second. */
  note(tenant: string, events: readonly Counted[]): void;
  /** Tells the other nodes what they have not heard yet. */
  dispose(): Promise<void>;
}

/** How often what was heard is made up for by what the log says. */
const SETTLE_MS = 5 * MINUTE_MS;
/** How long an event may take to arrive in the log. */
const ARRIVAL_MS = 10_000;
/** Events heard of since the last settling that are kept at most: about 60 bytes each. */
const MOST_HEARD = 200_000;
const KEPT_TENANTS = 1_000;
/** Versions of one tenant that may serve side by side. */
const VERSIONS = 2;

interface Place {
  readonly snapshot: Snapshot;
  /** Exactly what the log says of before `settledUntil`. */
  settled: ItemCounts;
  settledUntil: number;
  /** The same, and what was heard since. */
  current: ItemCounts;
  heard: Counted[];
  /** Told only after the log was read beyond them. */
  late: Counted[];
  settling: boolean;
  lookedAt: number;
}

/**
 * The log is the truth: counts begin with those of the model version, and are made up to the present from the log when a
 * version begins to serve and every few minutes after. In between they follow the events that nodes tell each other, so
 * that reading them asks no store. A message that is lost costs a count until the log is looked at again.
 */
export function createLiveCounts(parts: {
  readonly eventLog: Pick<EventLog, 'scan'>;
  readonly pubSub: PubSub;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
}): LiveCounts {
  const { clock, log } = parts;
  const places = new LRUCache<string, readonly Place[]>({ max: KEPT_TENANTS });

  const hear = (tenant: string, event: Counted) => {
    for (const place of places.get(tenant) ?? []) {
      count(place.snapshot, place.current, event);
      const list = event.time < place.settledUntil ? place.late : place.heard;
      if (list.length < MOST_HEARD) list.push(event);
    }
  };
  const news = createCountNews({ ...parts, hear });

  const settle = (place: Place) => {
    place.settling = true;
    place.lookedAt = clock();
    readOn(place, parts.eventLog, place.lookedAt - ARRIVAL_MS)
      .catch((error: unknown) => {
        const { tenant } = place.snapshot;
        log.warn({ err: error, tenant }, 'counts are not made up from the log: they go by what is heard');
      })
      .finally(() => {
        place.settling = false;
      });
  };

  return {
    of(snapshot) {
      const known = places.get(snapshot.tenant) ?? [];
      const place = known.find((one) => one.snapshot === snapshot) ?? placeOf(snapshot);
      if (!known.includes(place)) places.set(snapshot.tenant, [place, ...known.slice(0, VERSIONS - 1)]);
      if (!place.settling && Math.abs(clock() - place.lookedAt) >= SETTLE_MS) settle(place);
      return place.current;
    },
    note(tenant, events) {
      for (const event of events) hear(tenant, event);
      news.tell(tenant, events);
    },
    dispose: news.dispose,
  };
}

function placeOf(snapshot: Snapshot): Place {
  const counts = snapshot.counts ?? emptyCounts(snapshot.items.size, POSITIVE_WORTH);
  return {
    snapshot,
    settled: copyCounts(counts),
    settledUntil: Date.parse(snapshot.manifest.window.until),
    current: copyCounts(counts),
    heard: [],
    late: [],
    settling: false,
    lookedAt: Number.NEGATIVE_INFINITY,
  };
}

/** Counts what the log has from where it was read last to `until`. What fails halfway changes nothing. */
async function readOn(place: Place, eventLog: Pick<EventLog, 'scan'>, until: number): Promise<void> {
  const { snapshot } = place;
  const settled = copyCounts(place.settled);
  const from = place.settledUntil;
  if (until > from) {
    for await (const page of eventLog.scan(snapshot.tenant, until, from)) {
      for (const [row, itemId] of page.itemIds.entries()) {
        const action = page.actions[row];
        if (action === undefined) continue;
        const worth = worthOf(action, page.values[row] ?? null);
        count(snapshot, settled, { itemId, worth, time: page.occurredAt[row] ?? 0 });
      }
      await breathe();
    }
    place.settledUntil = until;
  }
  for (const event of place.late) count(snapshot, settled, event);
  const current = copyCounts(settled);
  const heard = place.heard.filter(({ time }) => time >= place.settledUntil);
  for (const event of heard) count(snapshot, current, event);
  place.settled = settled;
  place.current = current;
  place.heard = heard;
  place.late = [];
}

function count({ items }: Snapshot, counts: ItemCounts, { itemId, worth, time }: Counted): void {
  const item = items.indexOf(itemId);
  if (item >= 0) countEvent(counts, item, worth, time);
}
