import { LRUCache } from 'lru-cache';
import type { Clock } from '../../domain/clock.js';
import { checkTtl } from '../checks.js';
import type { Cache } from '../ports/cache.js';

/** About 64 MB of strings, as V8 holds them at two bytes a character. */
const MAX_BYTES = 64 * 1024 * 1024;
const ENTRY_BYTES = 100;

/** Values in this process, the least recently used given up when 64 MB are full. A value larger than that is not kept. */
export function createMemoryCache({ clock }: { readonly clock: Clock }): Cache {
  const values = new LRUCache<string, string>({
    maxSize: MAX_BYTES,
    sizeCalculation: (value, key) => 2 * (key.length + value.length) + ENTRY_BYTES,
    ttlResolution: 0,
    perf: { now: clock },
  });
  return {
    async get(key) {
      return values.get(key) ?? null;
    },
    async set(key, value, ttlMs) {
      checkTtl(ttlMs);
      values.set(key, value, { ttl: ttlMs });
    },
    async setIfAbsent(key, value, ttlMs) {
      checkTtl(ttlMs);
      const standing = values.get(key);
      if (standing !== undefined) return standing;
      values.set(key, value, { ttl: ttlMs });
      return value;
    },
    async delete(key) {
      values.delete(key);
    },
    async deleteAll(beginning) {
      for (const key of [...values.keys()]) if (key.startsWith(beginning)) values.delete(key);
    },
    async dispose() {
      values.clear();
    },
  };
}
