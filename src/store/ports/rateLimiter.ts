/** A token bucket: `capacity` at once, `refill` more in each `intervalMs`. */
export interface Bucket {
  readonly capacity: number;
  readonly refill: number;
  readonly intervalMs: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** 0 when allowed. */
  readonly retryAfterMs: number;
}

export interface RateLimiter {
  /** Takes `tokens` (default 1) from the caller's bucket of that name, or none at all when there are too few. */
  take(name: string, caller: string, bucket: Bucket, tokens?: number): Promise<RateDecision>;
  dispose(): Promise<void>;
}
