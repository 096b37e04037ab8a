import type { Clock } from '../../domain/clock.js';
import { type Log, silentLog } from '../../domain/log.js';
import type { LiveStores } from '../ports/liveStores.js';
import { createMemoryCache } from './cache.js';
import { createMemoryCounters } from './counters.js';
import { createMemoryPubSub } from './pubSub.js';
import { createMemoryRateLimiter } from './rateLimiter.js';
import { createMemorySightings } from './sightings.js';

export interface MemoryOptions {
  readonly clock: Clock;
  /** Hears of listeners that fail. */
  readonly log?: Log;
}

/** The live stores of a single process: nothing is shared with other nodes, and a restart forgets everything. */
export function openMemory({ clock, log = silentLog }: MemoryOptions): LiveStores {
  const cache = createMemoryCache({ clock });
  const counters = createMemoryCounters();
  const pubSub = createMemoryPubSub({ log });
  const rateLimiter = createMemoryRateLimiter({ clock });
  const sightings = createMemorySightings();
  return {
    kind: 'memory',
    cache,
    counters,
    pubSub,
    rateLimiter,
    sightings,
    isAway: () => false,
    async ping() {},
    async dispose() {
      await Promise.all([
        cache.dispose(),
        counters.dispose(),
        pubSub.dispose(),
        rateLimiter.dispose(),
        sightings.dispose(),
      ]);
    },
  };
}
