import { createHash } from 'node:crypto';
import { MINUTE_MS } from '../../domain/clock.js';
import type { Cache } from '../../store/ports/cache.js';
import { decodeList, encodeList, type StoredList } from './storedList.js';
import type { RecommendRequest } from './types.js';

export const LIST_TTL_MS = 10 * MINUTE_MS;

/** Ranked lists by everything that shaped them: a change of any of it makes the list unreachable, on all nodes. */
export interface ListCache {
  find(key: string): Promise<StoredList | null>;
  keep(key: string, list: StoredList): Promise<void>;
}

export function createListCache(cache: Cache): ListCache {
  return {
    async find(key) {
      const text = await cache.get(key);
      return text === null ? null : decodeList(text);
    },
    keep: (key, list) => cache.set(key, encodeList(list), LIST_TTL_MS),
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
