import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { MINUTE_MS } from '../../../domain/clock.js';
import type { Item } from '../../../domain/entities.js';
import type { Log } from '../../../domain/log.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import type { ChangeCursor, EntityStore } from '../../../store/ports/entityStore.js';
import type { PubSub } from '../../../store/ports/pubSub.js';
import { createEdition } from './edition.js';
import { growSnapshot } from './growSnapshot.js';

/** Model versions as they serve, with the items that were written since they were made. */
export interface LiveItems {
  /** Null until something is deployed and loaded. Never waits. */
  current(tenant: string): Snapshot | null;
  /** Makes every node read these items anew; null when it is not known which changed. Call once the change is durable. */
  touch(tenant: string, ids: readonly string[] | null): Promise<void>;
  dispose(): Promise<void>;
}

const CHANNEL = 'items';
const message = z.object({ tenant: z.string(), ids: z.array(z.string()).nullable() });
/** How far back a first look goes: clocks of nodes differ, and an upsert under way then is not in the version. */
const MARGIN_MS = MINUTE_MS;
/** And a later one: a change may be committed after others that are newer. */
const OVERLAP_MS = 10_000;
/** How long after a failure it is tried again. */
const RETRY_MS = 1_000;
/** Items that are read at a time. */
const PAGE = 1_000;
/** Items that are written between two breaths: a few milliseconds. */
const AT_ONCE = 32;

interface Place {
  readonly base: Snapshot;
  snapshot: Snapshot;
  /** Told by name. */
  readonly named: Set<string>;
  /** Whether to look for all that changed. */
  looks: boolean;
  /** The newest change that a look has seen. */
  cursor: ChangeCursor;
  working: boolean;
  write(items: readonly Item[]): Promise<void>;
}

/**
 * Every node keeps its own: it hears of each change by name, and looks for what changed at the start and every few
 * seconds, in case nobody told. A snapshot with what is new takes the place of the last one at most twice a second.
 */
export function createLiveItems(parts: {
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly entities: Pick<EntityStore, 'items' | 'itemsChangedSince'>;
  readonly pubSub: PubSub;
  readonly log: Log;
  /** How often to look for changes that nobody told of. @default 10,000 */
  readonly lookMs?: number;
  /** The least time between two snapshots. @default 500 */
  readonly paceMs?: number;
}): LiveItems {
  const { registry, entities, pubSub, log, lookMs = 10_000, paceMs = 500 } = parts;
  const places = new Map<string, Place>();
  const stopped = new AbortController();
  const running = new Set<Promise<void>>();

  const look = async (tenant: string, place: Place): Promise<void> => {
    let after: ChangeCursor = { at: place.cursor.at - OVERLAP_MS, id: '' };
    for (;;) {
      const page = await entities.itemsChangedSince(tenant, after, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      await place.write(page.map(({ item }) => item));
      after = { at: last.at, id: last.item.id };
      if (last.at > place.cursor.at) place.cursor = after;
      if (page.length < PAGE || stopped.signal.aborted) return;
    }
  };
  const work = async (tenant: string, place: Place): Promise<void> => {
    let failures = 0;
    while ((place.looks || place.named.size > 0) && places.get(tenant) === place && !stopped.signal.aborted) {
      const { looks } = place;
      const named = [...place.named].slice(0, PAGE);
      place.looks = false;
      for (const id of named) place.named.delete(id);
      try {
        if (named.length > 0) {
          const found = await entities.items(tenant, named);
          await place.write(found.filter((item) => item !== null));
        }
        if (looks) await look(tenant, place);
        failures = 0;
      } catch (error) {
        const say = failures++ === 0 ? log.warn : log.debug;
        say({ err: error, tenant }, 'new items cannot be read: looking again');
        // What was named is among what a look finds.
        place.looks = true;
      }
      await wait(failures === 0 ? paceMs : RETRY_MS, undefined, { signal: stopped.signal }).catch(() => {});
    }
  };
  const start = (tenant: string, place: Place): void => {
    if (place.working) return;
    place.working = true;
    const run = work(tenant, place).finally(() => {
      place.working = false;
      running.delete(run);
    });
    running.add(run);
  };
  const placeOf = (tenant: string): Place | null => {
    const base = registry.current(tenant);
    if (base === null) return null;
    const known = places.get(tenant);
    if (known?.base === base) return known;
    const place = openPlace(base);
    places.set(tenant, place);
    start(tenant, place);
    return place;
  };
  const listening = pubSub
    .subscribe(CHANNEL, (text) => {
      const heard = message.safeParse(JSON.parse(text)).data;
      const place = heard && places.get(heard.tenant);
      if (heard === undefined || place === undefined) return;
      if (heard.ids === null) place.looks = true;
      else for (const id of heard.ids) place.named.add(id);
      start(heard.tenant, place);
    })
    .catch((error: unknown) => {
      log.warn({ err: error }, 'new items are not heard of here; they are found by looking');
      return async () => {};
    });
  const looking = setInterval(() => {
    for (const tenant of places.keys()) {
      const place = placeOf(tenant);
      if (place === null) continue;
      place.looks = true;
      start(tenant, place);
    }
  }, lookMs);
  looking.unref();

  return {
    current: (tenant) => placeOf(tenant)?.snapshot ?? null,
    touch: (tenant, ids) => pubSub.publish(CHANNEL, JSON.stringify({ tenant, ids })),
    async dispose() {
      clearInterval(looking);
      stopped.abort();
      await (await listening)();
      await Promise.all(running);
    },
  };
}

function openPlace(base: Snapshot): Place {
  const edition = createEdition();
  let growing: ReturnType<typeof growSnapshot> | null = null;
  const place: Place = {
    base,
    snapshot: base,
    named: new Set(),
    looks: true,
    cursor: { at: Date.parse(base.manifest.createdAt) + OVERLAP_MS - MARGIN_MS, id: '' },
    working: false,
    async write(items) {
      let written = 0;
      for (const item of items) {
        // An item that is hidden before anyone knew it needs no row.
        const unknown = growing === null ? base.items.indexOf(item.id) < 0 : !growing.knows(item.id);
        if ((unknown && item.hiddenAt !== null) || !edition.changes(item)) continue;
        growing ??= growSnapshot(base);
        growing.put(item);
        if (++written % AT_ONCE === 0) await setImmediate();
      }
      if (growing !== null && written > 0) place.snapshot = growing.snapshot(edition.name());
    },
  };
  return place;
}
