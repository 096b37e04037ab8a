import { randomUUID } from 'node:crypto';
import type { Clock } from '../../src/domain/clock.js';
import { silentLog } from '../../src/domain/log.js';
import { type Meter, silentMeter } from '../../src/domain/meter.js';
import { silentTracer, type Tracer } from '../../src/domain/tracer.js';
import type { Snapshot } from '../../src/registry/snapshot.js';
import { createServices, type OpenServices, type ServiceDeps } from '../../src/services/create.js';
import type { ItemLookup, RecommendRequest } from '../../src/services/recommendations/types.js';
import { openMemory } from '../../src/store/memory/open.js';
import type { Cache } from '../../src/store/ports/cache.js';
import type { Counters } from '../../src/store/ports/counters.js';
import { createExactIndex } from '../../src/store/vector/exact.js';
import { createFakeStores, type FakeStores } from './fakeStores.js';
import { createFeed, type TestFeed } from './feed.js';
import { NO_POSTS, NO_PRIVACY } from './posts.js';
import { type Planted, plantSnapshot, START } from './snapshot.js';

export const TENANT = 'acme';

/** Services on planted data. Time stands still at `START` until it is moved. */
export interface World {
  readonly services: OpenServices;
  readonly feed: TestFeed;
  readonly planted: Planted;
  readonly stores: FakeStores;
  readonly cache: Cache;
  readonly counters: Counters;
  /** Lookups of the last `recommend` or `similar`, each with its ids. */
  readonly lookups: (readonly string[])[];
  readonly lookup: ItemLookup;
  now: number;
  snapshot: Snapshot | null;
  /** Another process on the same stores. */
  node(parts?: {
    readonly cache?: Cache;
    readonly counters?: Counters;
    readonly autoUsers?: boolean;
    readonly exploration?: number;
    readonly meter?: Meter;
    readonly tracer?: Tracer;
    readonly dpEpsilon?: number;
    readonly isBusy?: () => boolean;
    readonly deadlineMs?: number;
    /** In place of the world's own. */
    readonly stores?: Partial<ServiceDeps>;
  }): OpenServices;
}

/** Services over these stores: without a model, exploration or noise, and never too busy, unless `parts` say otherwise. */
export function servicesOver(
  stores: Pick<ServiceDeps, 'eventLog' | 'entities' | 'shownLog' | 'rules'>,
  live: Pick<ServiceDeps, 'cache' | 'counters' | 'pubSub' | 'sightings'>,
  clock: Clock,
  parts: Partial<ServiceDeps> = {},
): OpenServices {
  return createServices({
    registry: { current: () => null, forget: async () => {} },
    eventLog: stores.eventLog,
    entities: stores.entities,
    shownLog: stores.shownLog,
    rules: stores.rules,
    ...NO_POSTS,
    ...NO_PRIVACY,
    cache: live.cache,
    counters: live.counters,
    pubSub: live.pubSub,
    sightings: live.sightings,
    catalogueFeed: createFeed(),
    textEncoder: null,
    searchLanguage: 'en',
    createIndex: createExactIndex,
    createExactIndex,
    exploration: 0,
    dpEpsilon: null,
    autoUsers: true,
    newId: randomUUID,
    clock,
    log: silentLog,
    meter: silentMeter,
    isBusy: () => false,
    deadlineMs: 60_000,
    ...parts,
  });
}

export function createWorld(planted: Planted = plantSnapshot()): World {
  const stores = createFakeStores(TENANT, planted.items);
  let ids = 0;
  const lookups: (readonly string[])[] = [];
  const clock = () => world.now;
  const feed = createFeed();
  const { cache, counters, pubSub, sightings } = openMemory({ clock, log: silentLog });
  const node: World['node'] = (parts = {}) =>
    servicesOver(
      stores,
      { cache: parts.cache ?? cache, counters: parts.counters ?? counters, pubSub, sightings },
      clock,
      {
        registry: { current: () => world.snapshot, forget: async () => {} },
        catalogueFeed: feed,
        exploration: parts.exploration ?? 0,
        dpEpsilon: parts.dpEpsilon ?? null,
        autoUsers: parts.autoUsers ?? true,
        newId: () => `id-${++ids}`,
        meter: parts.meter ?? silentMeter,
        tracer: parts.tracer ?? silentTracer,
        isBusy: parts.isBusy ?? (() => false),
        deadlineMs: parts.deadlineMs ?? 60_000,
        ...parts.stores,
      },
    );
  const world: World = {
    services: node(),
    feed,
    planted,
    stores,
    cache,
    counters,
    lookups,
    async lookup(asked) {
      lookups.push(asked);
      return stores.entities.items(TENANT, asked);
    },
    now: START,
    snapshot: planted.snapshot,
    node,
  };
  return world;
}

export function request(userId: string, parts: Partial<RecommendRequest> = {}): RecommendRequest {
  return {
    tenant: TENANT,
    userId,
    first: 10,
    surface: 'home',
    context: null,
    filter: null,
    excludeSeen: true,
    excludeIds: [],
    diversity: null,
    sessionId: null,
    requestId: null,
    ...parts,
  };
}

export const NO_FILTER = {
  ids: null,
  kind: null,
  category: null,
  tagsAny: null,
  tagsAll: null,
  authorId: null,
  createdAfter: null,
  minPopularity: null,
  notIds: null,
};
