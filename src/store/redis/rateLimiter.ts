import { hash } from 'node:crypto';
import { Ratelimit } from '@upstash/ratelimit';
import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../../domain/clock.js';
import { checkTake } from '../checks.js';
import { createMemoryRateLimiter } from '../memory/rateLimiter.js';
import type { Bucket, RateDecision, RateLimiter } from '../ports/rateLimiter.js';
import { StoreAway } from '../ports/storeAway.js';
import { denial, grant, refill } from '../tokenBucket.js';
import type { Link } from './link.js';
import { createScriptRunner } from './scriptRunner.js';

/** Callers whose empty buckets are remembered, so that a flood from them does not reach Redis. */
const MAX_EMPTY = 100_000;

export interface RedisRateLimiterOptions {
  readonly link: Link;
  readonly prefix: string;
  /** For the time while Redis is away. */
  readonly clock: Clock;
}

/**
 * Token buckets in Redis through @upstash/ratelimit, shared by every node. They go by the system clock, as the library
 * does.
 *
 * While Redis is away each process counts by itself, with half of every limit: capacity and refill are those of half
 * the traffic, so two nodes together let through what one limit would. A call for more tokens than the halved bucket
 * holds then takes all of it, so that a large batch is slowed rather than locked out.
 */
export function createRedisRateLimiter({ link, prefix, clock }: RedisRateLimiterOptions): RateLimiter {
  const runner = createScriptRunner(link.redis);
  const limiters = new Map<string, Ratelimit>();
  const local = createMemoryRateLimiter({ clock });
  // The library's own cache of this kind never shrinks, and takes a refused batch for an empty bucket.
  const emptyUntil = new LRUCache<string, number>({ max: MAX_EMPTY });

  const limiterOf = (name: string, { capacity, refill: amount, intervalMs }: Bucket): Ratelimit => {
    const id = `${name}:${capacity}:${amount}:${intervalMs}`;
    const known = limiters.get(id);
    if (known !== undefined) return known;
    const limiter = new Ratelimit({
      redis: runner,
      prefix: prefix + name,
      limiter: Ratelimit.tokenBucket(amount, `${intervalMs} ms`, capacity),
      timeout: 0,
      analytics: false,
      ephemeralCache: false,
      enableTelemetry: false,
    });
    limiters.set(id, limiter);
    return limiter;
  };

  const shared = async (name: string, caller: string, bucket: Bucket, tokens: number): Promise<RateDecision> => {
    const key = `${name}:${caller}`;
    const now = systemClock();
    const until = emptyUntil.get(key);
    if (until !== undefined && until > now) {
      return denial({ tokens: 0, refilledAt: until - bucket.intervalMs }, bucket, tokens, now);
    }
    const limiter = limiterOf(name, bucket);
    // Callers are people: a key of a shared store names none of them.
    const digest = hash('sha256', caller, 'base64url').slice(0, 22);
    const taken = await link.run(() => limiter.limit(digest, { rate: tokens }));
    if (taken.success) {
      return grant({ tokens: taken.remaining, refilledAt: taken.reset - bucket.intervalMs }, bucket, now);
    }
    if (tokens === 1) {
      emptyUntil.set(key, taken.reset);
      return denial({ tokens: 0, refilledAt: taken.reset - bucket.intervalMs }, bucket, tokens, now);
    }
    // A refused batch may have left some tokens; the library only tells when asked.
    const left = await link.run(() => limiter.getRemaining(digest));
    const state = { tokens: left.remaining, refilledAt: left.reset - bucket.intervalMs };
    return denial(refill(state, bucket, now), bucket, tokens, now);
  };

  return {
    async take(name, caller, bucket, tokens = 1) {
      checkTake(bucket, tokens);
      try {
        return await shared(name, caller, bucket, tokens);
      } catch (error) {
        if (!(error instanceof StoreAway)) throw error;
        const half = { ...bucket, capacity: Math.ceil(bucket.capacity / 2), intervalMs: bucket.intervalMs * 2 };
        const asked = tokens > bucket.capacity ? tokens : Math.min(tokens, half.capacity);
        return { ...(await local.take(name, caller, half, asked)), local: true };
      }
    },
    async dispose() {
      emptyUntil.clear();
      await local.dispose();
    },
  };
}
