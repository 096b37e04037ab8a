import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { CurioError } from '../domain/errors.js';
import type { Guard } from '../domain/guard.js';

const RETRY_MS = 1_000;

/**
 * Lets `atOnce` through at a time and `waiting` wait; whoever comes then is `RATE_LIMITED`. Work whose caller gave up while it
 * waited is not begun.
 */
export function createBulkhead({ atOnce, waiting }: { readonly atOnce: number; readonly waiting: number }): Guard {
  const policy = bulkhead(atOnce, waiting);
  return async (work, _what, until) => {
    try {
      return await policy.execute(() => work(until), until);
    } catch (error) {
      until?.throwIfAborted();
      if (!isBulkheadRejectedError(error)) throw error;
      throw new CurioError('RATE_LIMITED', 'Too much is being written, try again in a moment', {
        retryAfterMs: RETRY_MS,
      });
    }
  };
}
