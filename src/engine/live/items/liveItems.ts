import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { type Clock, MINUTE_MS } from '../../../domain/clock.js';
import type { Item } from '../../../domain/entities.js';
import type { Log } from '../../../domain/log.js';
import type { Meter } from '../../../domain/meter.js';
import { SHELF_ROWS } from '../../../registry/room.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import type { CatalogueFeed } from '../../../store/ports/catalogueFeed.js';
import type { EntityStore } from '../../../store/ports/entityStore.js';
import { createShelf, type Shelf } from './shelf.js';

/** Model versions as they serve: with what came since they were made. */
export interface LiveItems {
  /** Null until something is deployed and loaded. Never waits. */
  current(tenant: string): Snapshot | null;
  /** Ends the work under way. */
  dispose(): Promise<void>;
}

/** How far before the making of a version one looks: clocks of nodes differ, and what was being written then is not in it. */
const MARGIN_MS = MINUTE_MS;
/** Changed items that are read at once, and put between two breaths: a millisecond or two. */
const READ_AT_ONCE = 200;
const PUT_AT_ONCE = 32;
/** The least time between two editions: each makes lists that were kept unreachable. */
const PACE_MS = 250;
const RETRY_MS = 1_000;
/** How long a look may take: named changes wait for it. */
const PATIENCE_MS = 30_000;
/** After a look so many times its own time passes before the next, at least this long. */
const REST = 4;
const LEAST_REST_MS = 500;
/** It is looked again when so long it was not, for changes nobody told of. */
const LOOK_MS = 10 * MINUTE_MS;
/** Items that a new version is given at once, so that none of the newest is missing until the first look. */
const CARRIED = 500;

/** What this node heard of. */
interface Heard {
  readonly item: Item;
  /** Epoch milliseconds. */
  readonly at: number;
}

interface Place {
  readonly tenant: string;
  readonly base: Snapshot;
  shelf: Shelf | null;
  snapshot: Snapshot;
  /** Ids of items that changed. */
  readonly pending: Set<string>;
  /** What a look found and is not put yet. */
  found: Item[];
  /** Read by name since that look: what it found of them may be older. */
  readonly named: Set<string>;
  /** Whether anything may have changed. */
  stale: boolean;
  /** By `performance.now()`. */
  restUntil: number;
  lookedAt: number;
  running: Promise<void> | null;
  /** The newest of it, newest last. */
  readonly heard: Map<string, Heard>;
}

/**
 * Every node keeps a shelf beside each version that serves. It hears of each change by name and reads the item anew; what
 * changed before it listened, or may have without its hearing of it, it looks for in the store, by the time of the change.
 */
export function createLiveItems(parts: {
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly entities: Pick<EntityStore, 'items' | 'changedItems'>;
  readonly catalogueFeed: CatalogueFeed;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly log: Log;
}): LiveItems {
  const { registry, entities, catalogueFeed: feed, clock, log } = parts;
  const places = new Map<string, Place>();
  const ending = new AbortController();
  const serves = (place: Place) => places.get(place.tenant) === place && !ending.signal.aborted;

  const put = (place: Place, items: readonly Item[]): boolean => {
    let changed = false;
    for (const item of items) {
      place.shelf ??= createShelf(place.base);
      changed = place.shelf.put(item) || changed;
    }
    return changed;
  };
  const publish = (place: Place) => {
    if (place.shelf !== null) place.snapshot = place.shelf.edition();
  };

  const readNamed = async (place: Place) => {
    const ids = [...place.pending].slice(0, READ_AT_ONCE);
    const known = await entities.items(place.tenant, ids, ending.signal);
    let changed = false;
    for (const [at, id] of ids.entries()) {
      // What is heard of while it is read is pending anew.
      place.pending.delete(id);
      place.named.add(id);
      const item = known[at] ?? null;
      if (item === null) continue;
      if (at % PUT_AT_ONCE === PUT_AT_ONCE - 1) await turn();
      if (!put(place, [item])) continue;
      changed = true;
      place.heard.delete(id);
      place.heard.set(id, { item, at: clock() });
    }
    for (const id of [...place.heard.keys()].slice(0, -CARRIED)) place.heard.delete(id);
    if (changed) publish(place);
    return changed;
  };

  const look = async (place: Place) => {
    const started = performance.now();
    place.stale = false;
    place.named.clear();
    const since = Date.parse(place.base.manifest.createdAt) - MARGIN_MS;
    const until = AbortSignal.any([ending.signal, AbortSignal.timeout(PATIENCE_MS)]);
    place.found = await entities.changedItems(place.tenant, since, SHELF_ROWS, until);
    place.lookedAt = performance.now();
    place.restUntil = place.lookedAt + Math.max(LEAST_REST_MS, REST * (place.lookedAt - started));
  };
  const putFound = async (place: Place) => {
    const some = place.found.splice(0, PUT_AT_ONCE).filter(({ id }) => !place.named.has(id));
    const changed = put(place, some);
    await turn();
    return changed;
  };

  const work = async (place: Place) => {
    let unpublished = false;
    while (serves(place)) {
      try {
        if (place.pending.size > 0) {
          if (await readNamed(place)) {
            unpublished = false;
            await delay(PACE_MS, undefined, ending);
          }
        } else if (place.found.length > 0) {
          unpublished = (await putFound(place)) || unpublished;
        } else if (unpublished) {
          unpublished = false;
          publish(place);
        } else if (place.stale) {
          await delay(Math.max(0, Math.min(place.restUntil - performance.now(), LEAST_REST_MS)), undefined, ending);
          if (place.pending.size === 0 && performance.now() >= place.restUntil) await look(place);
        } else return;
      } catch (error) {
        if (ending.signal.aborted) return;
        log.warn({ err: error, tenant: place.tenant }, 'what changed in the catalogue cannot be read; trying again');
        place.stale = true;
        await delay(RETRY_MS, undefined, ending).catch(() => {});
      }
    }
  };
  const wake = (place: Place) => {
    if (place.running !== null || ending.signal.aborted) return;
    place.running = work(place).finally(() => {
      place.running = null;
      if (serves(place) && (place.pending.size > 0 || place.stale)) wake(place);
    });
  };

  const open = (tenant: string, base: Snapshot, before: Place | undefined): Place => {
    const place: Place = {
      tenant,
      base,
      shelf: null,
      snapshot: base,
      pending: new Set(before?.pending),
      found: [],
      named: new Set(),
      stale: true,
      restUntil: 0,
      lookedAt: performance.now(),
      running: null,
      heard: new Map(),
    };
    const since = Date.parse(base.manifest.createdAt) - MARGIN_MS;
    const carried = [...(before?.heard ?? [])].filter(([, { at }]) => at >= since);
    for (const [id, heard] of carried) if (put(place, [heard.item])) place.heard.set(id, heard);
    if (place.heard.size > 0) publish(place);
    places.set(tenant, place);
    return place;
  };
  const placeOf = (tenant: string): Place | null => {
    const base = registry.current(tenant);
    if (base === null) return null;
    const known = places.get(tenant);
    return known?.base === base ? known : open(tenant, base, known);
  };

  const unsubscribe = feed.subscribe((tenant, change) => {
    const place = places.get(tenant);
    if (place === undefined) return;
    if (change === 'all') place.stale = true;
    else for (const id of change.items) place.pending.add(id);
    if (place.stale || place.pending.size > 0) wake(place);
  });
  parts.meter.gauge(
    'curio_live_items',
    'Rows that items take beside the model version that serves, and items that found no room there',
    () =>
      [...places.values()].flatMap(({ tenant, shelf }) => [
        [{ tenant, state: 'used' }, shelf?.used ?? 0] as const,
        [{ tenant, state: 'left' }, shelf?.left ?? 0] as const,
      ]),
    ['tenant', 'state'],
  );

  return {
    current(tenant) {
      const place = placeOf(tenant);
      if (place === null) return null;
      feed.attend(tenant);
      if (performance.now() - place.lookedAt > LOOK_MS) place.stale = true;
      if (place.stale) wake(place);
      return place.snapshot;
    },
    async dispose() {
      ending.abort();
      unsubscribe();
      await Promise.all([...places.values()].map(({ running }) => running));
      places.clear();
    },
  };
}
