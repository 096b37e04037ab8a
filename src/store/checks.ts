import type { Bucket } from './ports/rateLimiter.js';

/** @throws RangeError */
export function checkTtl(ttlMs: number): void {
  if (!(ttlMs >= 1 && ttlMs <= Number.MAX_SAFE_INTEGER)) throw new RangeError(`ttlMs must be at least 1, got ${ttlMs}`);
}

/** @throws RangeError */
export function checkTake(bucket: Bucket, tokens: number): void {
  for (const [name, value] of Object.entries({ ...bucket, tokens })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
    }
  }
}

/** @throws RangeError */
export function checkAmounts(amounts: ReadonlyMap<string, number>): void {
  for (const [member, amount] of amounts) {
    if (!(amount > 0 && amount < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`the amount of ${JSON.stringify(member)} must be positive and finite, got ${amount}`);
    }
  }
}
