import type { Config } from '../config/config.js';
import { HOUR_MS, MINUTE_MS } from '../domain/clock.js';
import { CurioError } from '../domain/errors.js';
import type { Role } from '../domain/identity.js';
import type { Bucket, RateLimiter } from '../store/ports/rateLimiter.js';
import { MAX_BATCH } from './bounds.js';

/** What is counted: lists asked for, single events, and events in batches. */
export type Limited = 'recommendations' | 'feedback' | 'feedbackBatch';

/**
 * Takes tokens from the caller's bucket of that name.
 * @throws CurioError RATE_LIMITED with `retryAfterMs`.
 */
export type Limit = (name: Limited, tokens?: number) => Promise<void>;

export interface LimitDeps {
  readonly rateLimiter: RateLimiter;
  readonly rates: Config['rates'];
  /** Whose bucket: tenant and user, or the name of a key. */
  readonly caller: string;
  readonly role: Role;
}

/**
 * Each bucket refills by its rate in a minute and holds as much. Events in batches have a bucket of their own that holds
 * a whole batch, so that a rate below its size does not forbid it.
 */
export function createLimit({ rateLimiter, rates, caller, role }: LimitDeps): Limit {
  return async (name, tokens = 1) => {
    const bucket = bucketOf(name, rates, role);
    const { allowed, retryAfterMs } = await rateLimiter.take(name, caller, bucket, tokens);
    if (allowed) return;
    const wait = Math.ceil(Math.min(retryAfterMs, HOUR_MS));
    throw new CurioError('RATE_LIMITED', `Too many requests, try again in ${Math.ceil(wait / 1000)} s`, {
      retryAfterMs: wait,
    });
  };
}

function bucketOf(name: Limited, rates: Config['rates'], role: Role): Bucket {
  const own = name === 'recommendations' ? rates.recommendations : rates.feedback;
  const rate = role === 'user' ? own : rates.service;
  return { capacity: name === 'feedbackBatch' ? Math.max(rate, MAX_BATCH) : rate, refill: rate, intervalMs: MINUTE_MS };
}
