import { LRUCache } from 'lru-cache';
import type { Clock } from '../../domain/clock.js';
import { checkTake } from '../checks.js';
import type { RateLimiter } from '../ports/rateLimiter.js';
import { type BucketState, denial, grant, refill } from '../tokenBucket.js';

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
      const known = buckets.get(key);
      const state = refill(known, bucket, now);
      if (state.tokens < tokens) {
        // Nothing is kept of a call that is denied, unless the clock was set back.
        if (known !== undefined && state.refilledAt < known.refilledAt) buckets.set(key, state);
        return denial(state, bucket, tokens, now);
      }
      const left = { tokens: state.tokens - tokens, refilledAt: state.refilledAt };
      buckets.set(key, left);
      return grant(left, bucket, now);
    },
    async dispose() {
      buckets.clear();
    },
  };
}
