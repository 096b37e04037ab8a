import { checkTtl } from '../checks.js';
import type { Cache } from '../ports/cache.js';
import { StoreAway } from '../ports/storeAway.js';
import type { Link } from './link.js';
import { createScript } from './script.js';

/** Deletions remembered while Redis is away; of more, the oldest are left to their time to live. */
const MAX_OWED = 50_000;
/** Keys in one command, which Redis does in about a millisecond. */
const DELETE_AT_ONCE = 1_000;

const SET_IF_ABSENT = createScript(`
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX')
  return redis.call('GET', KEYS[1])
`);

/** Strings with an expiry in Redis. What happens while Redis is away is said at the port. */
export function createRedisCache({ link, prefix }: { readonly link: Link; readonly prefix: string }): Cache {
  // Keys whose deletion or new value did not reach Redis. What it still has for them is out of date: they read as
  // absent, and go before anything else once it answers.
  const owed = new Set<string>();
  const owe = (keys: readonly string[]) => {
    for (const key of keys) owed.add(key);
    for (const oldest of owed) {
      if (owed.size <= MAX_OWED) break;
      owed.delete(oldest);
    }
  };
  link.onBack(() => {
    if (owed.size === 0) return;
    const keys = [...owed];
    owed.clear();
    // Commands keep their order on one connection, so no later read can overtake these.
    for (let i = 0; i < keys.length; i += DELETE_AT_ONCE) {
      const some = keys.slice(i, i + DELETE_AT_ONCE);
      link.run((redis) => redis.unlink(...some)).catch(() => owe(some));
    }
  });

  return {
    async get(name) {
      const key = prefix + name;
      if (owed.has(key)) return null;
      return await nullWhenAway(link.run((redis) => redis.get(key)));
    },
    async set(name, value, ttlMs) {
      checkTtl(ttlMs);
      const key = prefix + name;
      const done = await nullWhenAway(link.run((redis) => redis.set(key, value, 'PX', Math.ceil(ttlMs))));
      if (done === null) owe([key]);
      else owed.delete(key);
    },
    async setIfAbsent(name, value, ttlMs) {
      checkTtl(ttlMs);
      const key = prefix + name;
      if (owed.has(key)) {
        await link.run((redis) => redis.del(key));
        owed.delete(key);
      }
      const standing = await link.run((redis) => SET_IF_ABSENT.run(redis, [key], [value, Math.ceil(ttlMs)]));
      return typeof standing === 'string' ? standing : value;
    },
    async delete(name) {
      const key = prefix + name;
      const done = await nullWhenAway(link.run((redis) => redis.del(key)));
      if (done === null) owe([key]);
      else owed.delete(key);
    },
    async deleteAll(beginning) {
      const pattern = `${(prefix + beginning).replace(/[*?[\]\\^-]/g, '\\$&')}*`;
      let cursor = '0';
      do {
        const [next, keys] = await link.run((redis) => redis.scan(cursor, 'MATCH', pattern, 'COUNT', DELETE_AT_ONCE));
        if (keys.length > 0) await link.run((redis) => redis.unlink(...keys));
        cursor = next;
      } while (cursor !== '0');
    },
    async dispose() {},
  };
}

async function nullWhenAway<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreAway) return null;
    throw error;
  }
}
