import type { Cache } from './cache.js';
import type { Counters } from './counters.js';
import type { PubSub } from './pubSub.js';
import type { RateLimiter } from './rateLimiter.js';
import type { Sightings } from './sightings.js';

/** The fast side of the store: what can be lost and computed again. All of it in one process, or all of it in Redis. */
export interface LiveStores {
  readonly kind: 'memory' | 'redis';
  readonly cache: Cache;
  readonly counters: Counters;
  readonly pubSub: PubSub;
  readonly rateLimiter: RateLimiter;
  readonly sightings: Sightings;
  /** Whether it did not answer lately. It is looked for meanwhile, and calls fail at once. */
  isAway(): boolean;
  /** @throws StoreAway when it cannot be reached. */
  ping(): Promise<void>;
  /** Closes all of them and every connection. Idempotent. */
  dispose(): Promise<void>;
}
