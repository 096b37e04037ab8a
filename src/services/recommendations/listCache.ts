import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Clock, MINUTE_MS } from '../../domain/clock.js';
import type { Cache } from '../../store/ports/cache.js';
import { decodeList, encodeList, type StoredList } from './storedList.js';
import type { RecommendRequest } from './types.js';

export const LIST_TTL_MS = 10 * MINUTE_MS;

/** Ranked lists by everything that shaped them: a change of any of it makes the list unreachable, on all nodes. */
export interface ListCache {
  find(key: string): Promise<StoredList | null>;
  keep(key: string, list: StoredList): Promise<void>;
}

/** Lists kept in this process, about 12 kB each; what others made is in the shared cache. */
const MOST_HERE = 2_000;

export function createListCache({ cache, clock }: { readonly cache: Cache; readonly clock: Clock }): ListCache {
  const here = new LRUCache<string, { readonly list: StoredList; readonly until: number }>({ max: MOST_HERE });
  return {
    async find(key) {
      const known = here.get(key);
      if (known !== undefined && clock() < known.until) return known.list;
      const text = await cache.get(key);
      return text === null ? null : decodeList(text);
    },
    keep(key, list) {
      here.set(key, { list, until: clock() + LIST_TTL_MS });
      return cache.set(key, encodeList(list), LIST_TTL_MS);
    },
  };
}

/** `versions` names the state of everything else that shapes the list. */
export function listKey(request: RecommendRequest, versions: readonly string[]): string {
  const { tenant, userId, first, surface, context, filter, excludeSeen, excludeIds, diversity } = request;
  const shape = [tenant, userId, first, surface, context, filter, excludeSeen, excludeIds, diversity];
  const digest = createHash('sha256')
    .update(JSON.stringify([versions, shape]))
    .digest('base64url');
  return `list:${digest}`;
}
