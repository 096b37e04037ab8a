import { z } from 'zod';
import { keyOf } from '../../engine/live/keys.js';
import type { Match } from '../../engine/people/matchmaker.js';
import type { Cache } from '../../store/ports/cache.js';
import { LIST_TTL_MS } from '../recommendations/listCache.js';

/** A list of people without their entities: what can be kept and presented again. */
export interface PeopleList {
  /** The model version that ranked; `none` without one. */
  readonly version: string;
  /** Whether a version that knows people was there. */
  readonly whole: boolean;
  /** Candidates that passed the filters. */
  readonly total: number;
  /** Best first; more than are shown, since now and then one is gone. */
  readonly people: readonly Match[];
}

/** Lists by everything that shaped them: a change of any of it makes the list unreachable, on all nodes. */
export interface PeopleLists {
  /** The list that is kept under the key, or the one that `make` makes; equal calls under way share it. */
  find(
    tenant: string,
    key: readonly unknown[],
    make: () => Promise<Made>,
  ): Promise<{ list: PeopleList; cached: boolean }>;
  /** Takes every list of the tenant out of the shared cache: any of them may hold someone who was erased. */
  forget(tenant: string): Promise<void>;
}

export interface Made {
  readonly list: PeopleList;
  /** False for a list that some part is missing from: the next one may be whole again. */
  readonly keep: boolean;
}

const schema = z.object({
  version: z.string(),
  whole: z.boolean(),
  total: z.number(),
  people: z.array(z.object({ userId: z.string(), score: z.number(), source: z.string(), reason: z.string() })),
});

export function createPeopleLists({
  cache,
  newId,
}: {
  readonly cache: Cache;
  readonly newId: () => string;
}): PeopleLists {
  const mark = (tenant: string) => keyOf('people-forgotten', tenant);
  const running = new Map<string, Promise<PeopleList>>();

  const makeAndKeep = async (tenant: string, key: string, make: () => Promise<Made>): Promise<PeopleList> => {
    const before = await cache.get(mark(tenant));
    const { list, keep } = await make();
    if (!keep) return list;
    await cache.set(key, JSON.stringify(list), LIST_TTL_MS);
    // Someone was erased while it was made: it may have been written after all others were taken away.
    if ((await cache.get(mark(tenant))) !== before) await cache.delete(key);
    return list;
  };
  return {
    async find(tenant, parts, make) {
      const key = `${keyOf('people', tenant)}:${keyOf('list', JSON.stringify(parts))}`;
      const text = await cache.get(key);
      const known = text === null ? null : decode(text);
      if (known !== null) return { list: known, cached: true };
      const flight = running.get(key) ?? makeAndKeep(tenant, key, make);
      running.set(key, flight);
      try {
        return { list: await flight, cached: false };
      } finally {
        running.delete(key);
      }
    },
    async forget(tenant) {
      await cache.set(mark(tenant), newId(), 2 * LIST_TTL_MS);
      await cache.deleteAll(`${keyOf('people', tenant)}:`);
    },
  };
}

/** Null for what this version of the code did not write. */
function decode(text: string): PeopleList | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
