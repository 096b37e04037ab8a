import { z } from 'zod';
import { type Clock, DAY_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Cache } from '../ports/cache.js';
import type { Change } from '../ports/catalogueFeed.js';
import type { PubSub } from '../ports/pubSub.js';

/** Changes of the catalogue of a tenant, as every node hears of them. */
export interface Changes {
  /** Tells every node. Call once the change is durable. */
  publish(tenant: string, change: Change): Promise<void>;
  /**
   * Whether every change up to about now was heard of, so that what is read may be kept. Looks again now and then,
   * without making the caller wait.
   */
  isCertain(tenant: string): boolean;
  dispose(): Promise<void>;
}

const CHANNEL = 'catalogue';
/** How long nothing heard is taken for nothing changed. */
const LOOK_MS = 500;
/** More ids than this are not named one by one. */
const MOST_NAMED = 1_000;

const message = z.object({
  tenant: z.string(),
  token: z.string(),
  change: z.union([z.literal('all'), z.object({ items: z.array(z.string()), users: z.array(z.string()) })]),
});

interface Place {
  /** That of the newest change heard of; null before the first look. */
  token: string | null;
  /** Whether the last look found nothing missed. */
  certain: boolean;
  lookedAt: number;
  looking: boolean;
}

/**
 * Each change gets a random token, which stands in the shared cache and goes out with the message that names what
 * changed. Who finds another token there than the last one heard has missed a message, and forgets everything. While
 * the cache is away nothing is certain.
 */
export function createChanges(parts: {
  readonly cache: Cache;
  readonly pubSub: PubSub;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChange: (tenant: string, change: Change) => void;
}): Changes {
  const { cache, pubSub, newId, clock, log, onChange } = parts;
  const places = new Map<string, Place>();
  const keyFor = (tenant: string) => `catalogue:${tenant}`;

  const hear = (text: string) => {
    const heard = message.safeParse(JSON.parse(text)).data;
    if (heard === undefined) return;
    const place = places.get(heard.tenant);
    if (place === undefined) return;
    place.token = heard.token;
    onChange(heard.tenant, heard.change);
  };
  const listening = pubSub.subscribe(CHANNEL, hear).catch((error: unknown) => {
    log.warn({ err: error }, 'changes of the catalogue are not heard here; they are found by looking');
    return async () => {};
  });

  const look = async (tenant: string, place: Place): Promise<void> => {
    const key = keyFor(tenant);
    const before = place.token;
    try {
      await listening;
      const token = (await cache.get(key)) ?? (await cache.setIfAbsent(key, newId(), DAY_MS));
      // A change that was heard of meanwhile may be newer than what was read.
      if (token !== place.token && place.token === before) {
        place.token = token;
        onChange(tenant, 'all');
      }
      place.certain = true;
    } catch (error) {
      log.debug({ err: error }, 'the token of the catalogue cannot be read: keeping nothing');
      place.certain = false;
      onChange(tenant, 'all');
    } finally {
      place.looking = false;
      place.lookedAt = clock();
    }
  };

  return {
    async publish(tenant, change) {
      const many = change !== 'all' && change.items.length + change.users.length > MOST_NAMED;
      const named = many ? 'all' : change;
      const token = newId();
      onChange(tenant, named);
      await cache.set(keyFor(tenant), token, DAY_MS);
      await pubSub.publish(CHANNEL, JSON.stringify({ tenant, token, change: named }));
    },
    isCertain(tenant) {
      let place = places.get(tenant);
      if (place === undefined) {
        place = { token: null, certain: false, lookedAt: Number.NEGATIVE_INFINITY, looking: false };
        places.set(tenant, place);
      }
      if (!place.looking && Math.abs(clock() - place.lookedAt) >= LOOK_MS) {
        place.looking = true;
        void look(tenant, place);
      }
      return place.certain;
    },
    async dispose() {
      await (await listening)();
    },
  };
}
