import type { Clock } from '../../domain/clock.js';
import { type Guard, unguarded } from '../../domain/guard.js';
import type { Log } from '../../domain/log.js';
import type { LiveStores } from '../ports/liveStores.js';
import { createRedisCache } from './cache.js';
import { createRedisCounters } from './counters.js';
import { openLink } from './link.js';
import { createRedisPubSub } from './pubSub.js';
import { createRedisRateLimiter } from './rateLimiter.js';
import { createRedisSightings } from './sightings.js';

export interface RedisOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** In front of every key and channel. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Stands before every command of a request. @default none */
  readonly guard?: Guard;
  /** Longest wait for one answer. @default 250 */
  readonly commandMs?: number;
}

/**
 * The live stores of several nodes, in one Redis (6.2 or newer), over two connections. Resolves also while Redis is
 * away: the log says so, each port does what it promises for that case, and all of them heal by themselves.
 */
export async function openRedis({
  url,
  prefix,
  clock,
  log,
  guard = unguarded,
  commandMs,
}: RedisOptions): Promise<LiveStores> {
  const [link, subscriber] = await Promise.all([
    openLink({ url, log, guard, commandMs }),
    openLink({ url, log, loud: false, commandMs }),
  ]);
  const cache = createRedisCache({ link, prefix: `${prefix}cache:` });
  const counters = createRedisCounters({ link, prefix: `${prefix}board:` });
  const pubSub = createRedisPubSub({ publisher: link, subscriber, prefix: `${prefix}channel:`, log });
  const rateLimiter = createRedisRateLimiter({ link, prefix: `${prefix}rate:`, clock });
  const sightings = createRedisSightings({ link, prefix: `${prefix}seen:` });
  return {
    kind: 'redis',
    cache,
    counters,
    pubSub,
    rateLimiter,
    sightings,
    isAway: link.isAway,
    async ping() {
      await link.run((redis) => redis.ping());
    },
    async dispose() {
      await Promise.all([
        cache.dispose(),
        counters.dispose(),
        pubSub.dispose(),
        rateLimiter.dispose(),
        sightings.dispose(),
      ]);
      await Promise.all([link.dispose(), subscriber.dispose()]);
    },
  };
}
