import { LRUCache } from 'lru-cache';
import { MINUTE_MS } from '../../domain/clock.js';
import type { Item, User } from '../../domain/entities.js';
import type { CatalogueFeed, Change } from '../ports/catalogueFeed.js';
import type { EntityStore } from '../ports/entityStore.js';
import { type Changes, createChanges } from './changes.js';

/** Kept in this process of each kind, over all tenants: about 500 bytes each. */
const KEPT_ENTITIES = 100_000;
/** For a change that nobody was told of, because its writer died at that moment. */
const TTL_MS = 10 * MINUTE_MS;

type ChangesDeps = Omit<Parameters<typeof createChanges>[0], 'onChange'>;

/** What the keys of a tenant begin with; another one makes all that was kept unreachable. */
interface Generation {
  readonly prefix: string;
  /** How many changes were heard of: what was being read while one came is not kept. */
  changes: number;
}

type Read<T> = (tenant: string, ids: readonly string[], signal?: AbortSignal) => Promise<(T | null)[]>;

/**
 * An entity store that keeps what is read by id in this process. Every change made through a store like this one, on
 * any node, is told to all of them; see `Changes` for what happens when a message is lost. What does not exist is never
 * kept, so that whoever creates it needs to tell nobody.
 */
export function createCachedEntities(
  store: EntityStore,
  deps: ChangesDeps,
): EntityStore & { readonly feed: CatalogueFeed; dispose(): Promise<void> } {
  const limits = { max: KEPT_ENTITIES, ttl: TTL_MS, ttlResolution: 1_000, perf: { now: deps.clock } };
  const items = new LRUCache<string, Item>(limits);
  const users = new LRUCache<string, User>(limits);
  const generations = new Map<string, Generation>();
  let made = 0;

  const generationOf = (tenant: string): Generation => {
    const known = generations.get(tenant);
    if (known !== undefined) return known;
    const generation = { prefix: `${made++}:`, changes: 0 };
    generations.set(tenant, generation);
    return generation;
  };
  const listeners = new Set<(tenant: string, change: Change) => void>();
  const forget = (tenant: string, change: Change) => {
    const generation = generationOf(tenant);
    generation.changes++;
    if (change === 'all') {
      generations.delete(tenant);
      return;
    }
    for (const id of change.items) items.delete(generation.prefix + id);
    for (const id of change.users) users.delete(generation.prefix + id);
  };
  /** Who is told finds nothing kept of what changed. */
  const onChange = (tenant: string, change: Change) => {
    forget(tenant, change);
    for (const listener of listeners) listener(tenant, change);
  };
  const changes: Changes = createChanges({ ...deps, onChange });

  /** Reads what is not kept. */
  const through =
    <T extends object>(kept: LRUCache<string, T>, read: Read<T>): Read<T> =>
    async (tenant, ids, signal) => {
      if (!changes.isCertain(tenant)) return read(tenant, ids, signal);
      const generation = generationOf(tenant);
      const { changes: before, prefix } = generation;
      const found: (T | null)[] = ids.map((id) => kept.get(prefix + id) ?? null);
      const missing = ids.filter((_, at) => found[at] === null);
      if (missing.length === 0) return found;
      const fetched = await read(tenant, missing, signal);
      const unchanged = generation.changes === before;
      let next = 0;
      return found.map((known) => {
        if (known !== null) return known;
        const id = missing[next] ?? '';
        const entity = fetched[next++] ?? null;
        if (entity !== null && unchanged) kept.set(prefix + id, entity);
        return entity;
      });
    };

  return {
    ...store,
    items: through(items, store.items),
    users: through(users, store.users),
    async upsertUsers(tenant, drafts, signal) {
      try {
        return await store.upsertUsers(tenant, drafts, signal);
      } finally {
        // Of a write that fails some may be durable all the same.
        await changes.publish(tenant, { items: [], users: drafts.map(({ id }) => id) });
      }
    },
    async setPersonalised(tenant, userId, personalised) {
      await store.setPersonalised(tenant, userId, personalised);
      await changes.publish(tenant, { items: [], users: [userId] });
    },
    async upsertItems(tenant, drafts, signal) {
      try {
        return await store.upsertItems(tenant, drafts, signal);
      } finally {
        await changes.publish(tenant, { items: drafts.map(({ id }) => id), users: [] });
      }
    },
    async hideItem(tenant, id) {
      const item = await store.hideItem(tenant, id);
      await changes.publish(tenant, { items: [id], users: [] });
      return item;
    },
    async eraseUser(tenant, id) {
      const erased = await store.eraseUser(tenant, id);
      // Items they wrote lose their author.
      if (erased) await changes.publish(tenant, 'all');
      return erased;
    },
    feed: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      attend: (tenant) => void changes.isCertain(tenant),
      tell: (tenant, change) => changes.publish(tenant, change),
    },
    async dispose() {
      listeners.clear();
      await changes.dispose();
      items.clear();
      users.clear();
    },
  };
}
