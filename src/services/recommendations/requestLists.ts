import { keyOf } from '../../engine/live/keys.js';
import type { Cache } from '../../store/ports/cache.js';
import { LIST_TTL_MS } from './listCache.js';
import { decodeList, encodeList, type StoredList } from './storedList.js';

/** What was answered to a request the caller gave an id, so that asking again answers the same. */
export interface RequestLists {
  find(tenant: string, userId: string, requestId: string): Promise<StoredList | null>;
  /** The list that stands for this id: the given one itself, or that of an equal request that was quicker. */
  keep(tenant: string, userId: string, requestId: string, list: StoredList): Promise<StoredList>;
  /** Nothing that was answered to this person up to now is answered again. */
  forget(tenant: string, userId: string): Promise<void>;
}

export function createRequestLists({
  cache,
  newId,
}: {
  readonly cache: Cache;
  readonly newId: () => string;
}): RequestLists {
  const marker = (tenant: string, userId: string) => keyOf('forgotten', tenant, userId);
  // The mark of the newest erasure is part of the key, so that one write makes every older list unreachable.
  const keyFor = async (tenant: string, userId: string, requestId: string) =>
    keyOf('request', tenant, userId, (await cache.get(marker(tenant, userId))) ?? '', requestId);
  return {
    async find(tenant, userId, requestId) {
      const text = await cache.get(await keyFor(tenant, userId, requestId));
      return text === null ? null : decodeList(text);
    },
    async keep(tenant, userId, requestId, list) {
      const key = await keyFor(tenant, userId, requestId);
      const text = encodeList(list);
      const standing = await cache.setIfAbsent(key, text, LIST_TTL_MS);
      return standing === text ? list : (decodeList(standing) ?? list);
    },
    forget: (tenant, userId) => cache.set(marker(tenant, userId), newId(), 2 * LIST_TTL_MS),
  };
}
