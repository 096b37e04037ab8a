import { LRUCache } from 'lru-cache';
import type { Clock } from '../../domain/clock.js';
import { checkTake } from '../checks.js';
import type { RateLimiter } from '../ports/rateLimiter.js';
import { type BucketState, denial, refill } from '../tokenBucket.js';

/** Callers whose buckets are kept at once; the one who has been quiet longest starts anew with a full bucket. */
const MAX_BUCKETS = 100_000;

/** Token buckets in this process, deciding as the Redis adapter does: refills come in whole intervals. */
export function createMemoryRateLimiter({ clock }: { readonly clock: Clock }): RateLimiter {
  const buckets = new LRUCache<string, BucketState>({ max: MAX_BUCKETS });
  return {
    async take(name, caller, bucket, tokens = 1) {
      checkTake(bucket, tokens);
      const key = `${name}:${caller}`;
      const now = clock();
      const state = refill(buckets.get(key), bucket, now);
      if (state.tokens < tokens) return denial(state, bucket, tokens, now);
      const remaining = state.tokens - tokens;
      buckets.set(key, { tokens: remaining, refilledAt: state.refilledAt });
      return { allowed: true, limit: bucket.capacity, remaining, retryAfterMs: 0 };
    },
    async dispose() {
      buckets.clear();
    },
  };
}
