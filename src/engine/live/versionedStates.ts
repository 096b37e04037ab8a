import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { DAY_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Cache } from '../../store/ports/cache.js';
import { keyOf } from './keys.js';
import { type ByTenant, readByTenant } from './readByTenant.js';

/** What the stores say of a person, as of one version, which changes on all nodes with all that the state is made of. */
export type Versioned<Facts> = Facts & { readonly version: string };

export interface VersionedStates<Facts> {
  /** As of now: what was acknowledged on any node is in it. @throws when the stores cannot be read. */
  load(tenant: string, userId: string): Promise<Versioned<Facts>>;
  /** Makes every state of these people, and every list made of it, old on all nodes. Call once what changed is durable. */
  touch(tenant: string, userIds: Iterable<string>): Promise<void>;
}

const VERSION_TTL_MS = DAY_MS;
const MOST_PER_READ = 64;

/**
 * The stores are the truth; what is kept of them here counts only while the person's version in the cache stands. `touch`
 * deletes that version, and the first reader afterwards makes a new one before it reads the stores, so that a state can
 * be newer than its version but never older. While the cache is away every load reads the stores.
 */
export function createVersionedStates<Facts extends object>(parts: {
  /** Part of every key. */
  readonly kind: string;
  /** For each person, in order. */
  readonly read: (tenant: string, userIds: readonly string[]) => Promise<readonly Facts[]>;
  readonly sizeOf: (facts: Facts) => number;
  /** Of all states together, as `sizeOf` counts. */
  readonly mostKept: number;
  readonly cache: Cache;
  readonly newId: () => string;
  readonly log: Log;
}): VersionedStates<Facts> {
  const { kind, read, sizeOf, mostKept, cache, newId, log } = parts;
  const kept = new LRUCache<string, Versioned<Facts>>({
    maxSize: mostKept,
    sizeCalculation: (state) => sizeOf(state) + 1,
  });
  const reads = new DataLoader<ByTenant, Facts, ByTenant>((people) => readByTenant(people, read), {
    cache: false,
    maxBatchSize: MOST_PER_READ,
  });

  const currentVersion = async (key: string): Promise<string | null> => {
    try {
      return (await cache.get(key)) ?? (await cache.setIfAbsent(key, newId(), VERSION_TTL_MS));
    } catch (error) {
      log.debug({ err: error }, 'the version of a person cannot be read: reading the stores instead');
      return null;
    }
  };

  return {
    async load(tenant, userId) {
      const key = keyOf(kind, tenant, userId);
      const version = await currentVersion(key);
      const known = version === null ? undefined : kept.get(key);
      if (known !== undefined && known.version === version) return known;
      const facts = await reads.load({ tenant, userId });
      if (version === null) return { ...facts, version: newId() };
      const state = { ...facts, version };
      kept.set(key, state);
      return state;
    },
    async touch(tenant, userIds) {
      const keys = Array.from(new Set(userIds), (userId) => keyOf(kind, tenant, userId));
      for (const key of keys) kept.delete(key);
      await Promise.all(keys.map((key) => cache.delete(key)));
    },
  };
}
