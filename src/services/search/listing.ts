import { z } from 'zod';
import { MINUTE_MS } from '../../domain/clock.js';
import type { Facets } from '../../engine/search/facets.js';
import type { Cache } from '../../store/ports/cache.js';
import type { SearchDegradation } from './types.js';

const facet = z.array(z.object({ value: z.string(), count: z.number() }));
const schema = z.object({
  ids: z.array(z.string()),
  scores: z.array(z.number()),
  total: z.number(),
  facets: z.object({ kind: facet, category: facet, tags: facet }),
  didYouMean: z.string().nullable(),
  degraded: z.enum(['NONE', 'HEURISTIC_RANKER', 'LEXICAL', 'PARTIAL', 'EMPTY']),
});

/** A search as it was answered, all pages of it. */
export interface Listing {
  readonly ids: readonly string[];
  readonly scores: readonly number[];
  readonly total: number;
  readonly facets: Facets;
  readonly didYouMean: string | null;
  readonly degraded: SearchDegradation;
}

const TTL_MS = 10 * MINUTE_MS;

/** Listings by what was asked and of which state of things: a change of any of it makes one unreachable. */
export interface Listings {
  find(shape: string, state: string): Promise<Listing | null>;
  keep(shape: string, state: string, listing: Listing): Promise<void>;
}

export function createListings(cache: Cache): Listings {
  const keyFor = (shape: string, state: string) => `search:${shape}:${state}`;
  return {
    async find(shape, state) {
      const text = await cache.get(keyFor(shape, state));
      return text === null ? null : (schema.safeParse(JSON.parse(text)).data ?? null);
    },
    keep: (shape, state, listing) => cache.set(keyFor(shape, state), JSON.stringify(listing), TTL_MS),
  };
}
