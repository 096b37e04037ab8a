import { silentLog } from '../../src/domain/log.js';
import type { Snapshot } from '../../src/registry/snapshot.js';
import { createServices, type OpenServices } from '../../src/services/create.js';
import type { ItemLookup, RecommendRequest } from '../../src/services/recommendations/types.js';
import { openMemory } from '../../src/store/memory/open.js';
import type { Cache } from '../../src/store/ports/cache.js';
import type { Counters } from '../../src/store/ports/counters.js';
import { createExactIndex } from '../../src/store/vector/exact.js';
import { createFakeStores, type FakeStores } from './fakeStores.js';
import { type Planted, plantSnapshot, START } from './snapshot.js';

export const TENANT = 'acme';

/** Services on planted data. Time stands still at `START` until it is moved. */
export interface World {
  readonly services: OpenServices;
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
  }): OpenServices;
}

export function createWorld(planted: Planted = plantSnapshot()): World {
  const stores = createFakeStores(TENANT, planted.items);
  let ids = 0;
  const lookups: (readonly string[])[] = [];
  const clock = () => world.now;
  const { cache, counters, pubSub } = openMemory({ clock, log: silentLog });
  const node: World['node'] = (parts = {}) =>
    createServices({
      registry: { current: () => world.snapshot },
      eventLog: stores.eventLog,
      entities: stores.entities,
      shownLog: stores.shownLog,
      rules: stores.rules,
      cache: parts.cache ?? cache,
      counters: parts.counters ?? counters,
      pubSub,
      createIndex: createExactIndex,
      exploration: parts.exploration ?? 0,
      autoUsers: parts.autoUsers ?? true,
      newId: () => `id-${++ids}`,
      clock,
      log: silentLog,
    });
  const world: World = {
    services: node(),
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
  kind: null,
  category: null,
  tagsAny: null,
  tagsAll: null,
  authorId: null,
  createdAfter: null,
  minPopularity: null,
  notIds: null,
};
