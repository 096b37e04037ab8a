/** A token bucket: `capacity` at once, `refill` more in each `intervalMs`. All three are whole numbers, at least 1. */
export interface Bucket {
  readonly capacity: number;
  readonly refill: number;
  readonly intervalMs: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  /** The capacity that was applied. */
  readonly limit: number;
  /** Tokens left in the bucket. */
  readonly remaining: number;
  /** Until the same call would pass, were nobody else to take; 0 when allowed. */
  readonly retryAfterMs: number;
  /** Until the bucket gets its next tokens. */
  readonly resetMs: number;
  /** True while the shared store is away and this process counts by itself, with half of every limit. */
  readonly local: boolean;
}

/** Never throws because its store is away: it then counts in this process, see the adapter. */
export interface RateLimiter {
  /**
   * Takes `tokens` (default 1) from the caller's bucket of that name, or none at all when there are too few.
   * More than `capacity` never passes; `retryAfterMs` is then the time to a full bucket.
   * @throws RangeError when a number of the bucket, or `tokens`, is not a whole number of at least 1.
   */
  take(name: string, caller: string, bucket: Bucket, tokens?: number): Promise<RateDecision>;
  dispose(): Promise<void>;
}
