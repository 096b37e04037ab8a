import { MINUTE_MS } from '../domain/clock.js';
import type { Role } from '../domain/identity.js';
import type { Rates } from '../domain/rates.js';
import type { Bucket } from '../store/ports/rateLimiter.js';

/**
 * What is counted: lists asked for, single events, events in batches, searches, posts, the cost of operations, and
 * requests by the address they come from.
 */
export type Limited = 'recommendations' | 'feedback' | 'feedbackBatch' | 'search' | 'posts' | 'cost' | 'address';

/** Whose limits apply. */
export interface LimitedCaller {
  /** Unique over tenants, people and keys. */
  readonly name: string;
  readonly identity: { readonly role: Role };
  /** Per minute, instead of the configured ones. */
  readonly rates: Rates;
}

/** Tokens a minute, of everyone but services and keys with rates of their own. */
export interface ConfiguredRates extends Required<Rates> {
  readonly address: number;
  /** Of a service, for each limit but the cost. */
  readonly service: number;
  readonly serviceCost: number;
}

/** Events in one batch. A bucket of batches holds at least as many, so that a rate below that does not forbid one. */
export const MAX_BATCH = 1_000;

/** Each bucket refills by its rate in a minute and holds as much. */
export function bucketOf(name: Limited, caller: LimitedCaller | null, rates: ConfiguredRates): Bucket {
  const rate = rateOf(name, caller, rates);
  return { capacity: name === 'feedbackBatch' ? Math.max(rate, MAX_BATCH) : rate, refill: rate, intervalMs: MINUTE_MS };
}

function rateOf(name: Limited, caller: LimitedCaller | null, rates: ConfiguredRates): number {
  if (name === 'address') return rates.address;
  const rate = name === 'feedbackBatch' ? 'feedback' : name;
  const own = caller?.rates[rate];
  if (own !== undefined) return own;
  if (caller === null || caller.identity.role === 'user') return rates[rate];
  return rate === 'cost' ? rates.serviceCost : rates.service;
}
