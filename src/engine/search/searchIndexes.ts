import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { MINUTE_MS } from '../../domain/clock.js';
import type { Item } from '../../domain/entities.js';
import type { Log } from '../../domain/log.js';
import type { Snapshot } from '../../registry/snapshot.js';
import type { CatalogueFeed } from '../../store/ports/catalogueFeed.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import { type CatalogueIndex, createCatalogueIndex } from './catalogueIndex.js';
import { contentEncoder, type Encoder, type TextEncoder, textItemsEncoder } from './encoder.js';
import { beginFilling, type Filling, fillSome } from './filling.js';
import type { Language } from './stems.js';
import type { CreateVectorIndex } from './vectorRows.js';

/** An index to search now. */
export interface Searchable {
  readonly index: CatalogueIndex;
  /** False while it is filled for the first time. */
  readonly whole: boolean;
}

/** The search index of each tenant in this process, kept like the catalogue. */
export interface SearchIndexes {
  /** Begins to fill the index of a tenant. */
  warm(tenant: string): void;
  /** Waits a moment for an index that is only just being filled. */
  of(tenant: string): Promise<Searchable>;
  /** Ends the work under way. */
  dispose(): Promise<void>;
}

export interface SearchIndexDeps {
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly entities: Pick<EntityStore, 'items' | 'scanItems' | 'popularItems'>;
  readonly feed: CatalogueFeed;
  readonly createIndex: CreateVectorIndex;
  /** In place of the content vectors of the model. */
  readonly textEncoder: TextEncoder | null;
  readonly language: Language;
  readonly newId: () => string;
  readonly log: Log;
}

const KEPT_TENANTS = 1_000;
/** Changed items that are read at once. */
const READ_AT_ONCE = 200;
/** How long a first search waits for its index. */
const PATIENCE_MS = 1_000;
const RETRY_MS = 1_000;
/** The whole catalogue is compared again when so long was not, for changes nobody told of. */
const COMPARE_MS = 10 * MINUTE_MS;
/** After a comparison so many times its own time passes before the next, at least this long. */
const REST = 4;
const LEAST_REST_MS = 500;
/** Items whose popularity is read where no model counted. */
const MOST_POPULAR = 10_000;

interface Place {
  readonly tenant: string;
  index: CatalogueIndex | null;
  /** What vectors and popularity of `index` come from. */
  basis: string;
  filling: Filling | null;
  /** Items that changed. */
  readonly pending: Set<string>;
  /** Whether anything may have changed. */
  stale: boolean;
  running: Promise<void> | null;
  /** Whether the next look at the whole catalogue has to wait; by `performance.now()`. */
  restUntil: number;
  comparedAt: number;
  readonly first: PromiseWithResolver;
}

interface PromiseWithResolver {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/**
 * One loop a tenant writes: items that changed come before anything else, so that they are found at once, and between two
 * small pieces of a catalogue everything else has its turn. A new model version gets a new index, which is put in place
 * once it is full.
 */
export function createSearchIndexes(deps: SearchIndexDeps): SearchIndexes {
  const { registry, entities, feed, createIndex, textEncoder, language, newId, log } = deps;
  const places = new LRUCache<string, Place>({ max: KEPT_TENANTS });
  const ending = new AbortController();

  const encoderOf = (snapshot: Snapshot | null): Encoder | null => {
    if (textEncoder !== null) return textItemsEncoder(textEncoder);
    return snapshot === null || snapshot.content === null ? null : contentEncoder(snapshot.version, snapshot.content);
  };
  const basisOf = (snapshot: Snapshot | null): string => textEncoder?.name ?? snapshot?.version ?? '';

  const popularityIn = async (tenant: string, snapshot: Snapshot | null) => {
    if (snapshot === null) {
      const popular = await entities.popularItems(tenant, MOST_POPULAR);
      const counts = new Map(popular.map(({ id, popularity }) => [id, popularity]));
      return (id: string) => counts.get(id) ?? 0;
    }
    const counted = () => (registry.current(tenant) ?? snapshot).items;
    return (id: string) => counted().popularity[counted().indexOf(id)] ?? 0;
  };

  const begin = async (place: Place) => {
    const { tenant, index } = place;
    const snapshot = registry.current(tenant);
    const basis = basisOf(snapshot);
    const fresh = index === null || place.basis !== basis || index.dead > index.size + READ_AT_ONCE;
    const target = fresh
      ? createCatalogueIndex({
          encoder: encoderOf(snapshot),
          createIndex,
          language,
          popularityOf: await popularityIn(tenant, snapshot),
          name: newId(),
          onFailure: (error) => log.error({ err: error, tenant }, 'a text cannot be encoded; words do without'),
        })
      : index;
    place.stale = false;
    place.filling = beginFilling(target, basis, entities.scanItems(tenant));
  };

  const conclude = (place: Place, filling: Filling) => {
    const { index } = place;
    filling.target.removeUnmet();
    place.filling = null;
    place.index = filling.target;
    place.basis = filling.basis;
    if (index !== filling.target) index?.dispose();
    const now = performance.now();
    place.restUntil = now + Math.max(LEAST_REST_MS, REST * (now - filling.startedAt));
    place.comparedAt = now;
    place.first.resolve();
    log.debug({ tenant: place.tenant, items: filling.target.size }, 'the search index is up to date');
  };

  const refresh = async (place: Place) => {
    const ids = [...place.pending].slice(0, READ_AT_ONCE);
    const found = await entities.items(place.tenant, ids);
    // What is heard of while it is read is pending anew.
    for (const id of ids) place.pending.delete(id);
    const items = found.filter((item): item is Item => item !== null);
    const known = new Set(items.map(({ id }) => id));
    for (const target of new Set([place.index, place.filling?.target])) {
      if (target == null) continue;
      await target.put(items);
      for (const id of ids) if (!known.has(id)) target.remove(id);
    }
    for (const id of ids) place.filling?.touched.add(id);
  };

  const work = async (place: Place) => {
    while (!ending.signal.aborted) {
      try {
        if (place.pending.size > 0) await refresh(place);
        else if (place.filling !== null) {
          if (!(await fillSome(place.filling))) conclude(place, place.filling);
        } else if (place.stale) {
          await delay(Math.max(0, Math.min(place.restUntil - performance.now(), LEAST_REST_MS)), undefined, ending);
          if (place.pending.size === 0 && performance.now() >= place.restUntil) await begin(place);
        } else return;
      } catch (error) {
        if (ending.signal.aborted) return;
        log.warn({ err: error, tenant: place.tenant }, 'the search index cannot be filled; trying again');
        if (place.filling !== null) {
          place.filling = null;
          place.stale = true;
        }
        await delay(RETRY_MS, undefined, ending).catch(() => {});
      }
    }
  };

  const wake = (place: Place) => {
    if (place.running !== null || ending.signal.aborted) return;
    place.running = work(place).finally(() => {
      place.running = null;
      if (place.pending.size > 0 || place.stale) wake(place);
    });
  };

  const unsubscribe = feed.subscribe((tenant, change) => {
    const place = places.get(tenant);
    if (place === undefined) return;
    if (change === 'all') place.stale = true;
    else for (const id of change.items) place.pending.add(id);
    wake(place);
  });

  const placeOf = (tenant: string): Place => {
    const known = places.get(tenant);
    if (known !== undefined) return known;
    const place: Place = {
      tenant,
      index: null,
      basis: '',
      filling: null,
      pending: new Set(),
      stale: true,
      running: null,
      restUntil: 0,
      comparedAt: performance.now(),
      first: resolver(),
    };
    places.set(tenant, place);
    return place;
  };

  const attend = (tenant: string): Place => {
    const place = placeOf(tenant);
    feed.attend(tenant);
    const another = place.index !== null && place.filling === null && place.basis !== basisOf(registry.current(tenant));
    if (another || performance.now() - place.comparedAt > COMPARE_MS) place.stale = true;
    if (place.stale) wake(place);
    return place;
  };

  return {
    warm: (tenant) => void attend(tenant),
    async of(tenant) {
      const place = attend(tenant);
      if (place.index === null) {
        const patience = new AbortController();
        await Promise.race([
          place.first.promise,
          delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => {}),
        ]);
        patience.abort();
      }
      if (place.index !== null) return { index: place.index, whole: true };
      return { index: place.filling?.target ?? nothing(), whole: false };
    },
    async dispose() {
      ending.abort();
      unsubscribe();
      await Promise.all([...places.values()].map(({ running }) => running));
      for (const { index, filling } of places.values()) {
        index?.dispose();
        filling?.target.dispose();
      }
      places.clear();
    },
  };

  function nothing(): CatalogueIndex {
    return createCatalogueIndex({
      encoder: null,
      createIndex,
      language,
      popularityOf: () => 0,
      name: newId(),
      onFailure: () => {},
    });
  }
}

function resolver(): PromiseWithResolver {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
