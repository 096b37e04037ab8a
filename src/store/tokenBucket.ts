import type { Bucket, RateDecision } from './ports/rateLimiter.js';

export interface BucketState {
  readonly tokens: number;
  /** Epoch milliseconds; moves on in whole intervals. */
  readonly refilledAt: number;
}

/** What is left of a bucket as of `now`; full when there is no `state`. */
export function refill(state: BucketState | undefined, bucket: Bucket, now: number): BucketState {
  if (state === undefined) return { tokens: bucket.capacity, refilledAt: now };
  // A clock that was set back must not shut anyone out until it is as late as it was. Clocks of nodes differ by less.
  const refilledAt = state.refilledAt > now + bucket.intervalMs ? now : state.refilledAt;
  const intervals = Math.max(0, Math.floor((now - refilledAt) / bucket.intervalMs));
  return {
    tokens: intervals === 0 ? state.tokens : Math.min(bucket.capacity, state.tokens + intervals * bucket.refill),
    refilledAt: refilledAt + intervals * bucket.intervalMs,
  };
}

/** The answer to a call that leaves `state`. */
export function grant(state: BucketState, bucket: Bucket, now: number): RateDecision {
  return {
    allowed: true,
    limit: bucket.capacity,
    remaining: state.tokens,
    retryAfterMs: 0,
    resetMs: resetOf(state, bucket, now),
    local: false,
  };
}

/** The answer to a call for more than `state` holds. */
export function denial(state: BucketState, bucket: Bucket, tokens: number, now: number): RateDecision {
  const missing = Math.min(tokens, bucket.capacity) - state.tokens;
  const intervals = Math.max(1, Math.ceil(missing / bucket.refill));
  const retryAt = state.refilledAt + intervals * bucket.intervalMs;
  return {
    allowed: false,
    limit: bucket.capacity,
    remaining: state.tokens,
    retryAfterMs: Math.max(1, retryAt - now),
    resetMs: resetOf(state, bucket, now),
    local: false,
  };
}

function resetOf({ refilledAt }: BucketState, { intervalMs }: Bucket, now: number): number {
  return Math.max(1, refilledAt + intervalMs - now);
}
