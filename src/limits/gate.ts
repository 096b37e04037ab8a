import { LRUCache } from 'lru-cache';
import { type Clock, HOUR_MS } from '../domain/clock.js';
import { CurioError } from '../domain/errors.js';
import type { RateDecision, RateLimiter } from '../store/ports/rateLimiter.js';
import { bucketOf, type ConfiguredRates, type Limited, type LimitedCaller } from './limits.js';

/** Tokens by the limit they are taken from; each at least 1. */
export type Charges = ReadonlyMap<Limited, number>;

export interface Visitor {
  /** Null without credentials. */
  readonly caller: LimitedCaller | null;
  readonly address: string;
}

/** Where a caller stands with the limit that matters most to them. */
export interface Standing {
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

export interface Admission {
  /** Null where nothing was counted. */
  readonly standing: Standing | null;
  /** How the minute's budget of cost stands; null where it was not charged. */
  readonly cost: Standing | null;
  /** `RATE_LIMITED` with `retryAfterMs`; null for those who may pass. */
  readonly refusal: CurioError | null;
}

export interface Gate {
  /**
   * Takes what the request is charged, and one token of its address, all in one turn: one round trip, none in process. Services
   * and admins have no limit by address. What one limit refuses has been taken from the others.
   */
  admit(visitor: Visitor, charges: Charges): Promise<Admission>;
  /** The refusal of an address that has used up its tokens, without taking any and without a round trip; else null. */
  shut(address: string): CurioError | null;
}

export interface GateDeps {
  readonly rateLimiter: RateLimiter;
  readonly rates: ConfiguredRates;
  readonly clock: Clock;
  /** Hears of each decision. */
  readonly onDecision?: (name: Limited, decision: RateDecision) => void;
}

/** Addresses remembered as shut. */
const MAX_SHUT = 100_000;

export function createGate({ rateLimiter, rates, clock, onDecision }: GateDeps): Gate {
  const shutUntil = new LRUCache<string, { readonly until: number; readonly wait: number }>({ max: MAX_SHUT });

  const take = async (name: Limited, { caller, address }: Visitor, tokens: number) => {
    const who = name === 'address' || caller === null ? address : caller.name;
    const decision = await rateLimiter.take(name, who, bucketOf(name, caller, rates), tokens);
    if (name === 'address' && !decision.allowed) {
      shutUntil.set(address, { until: clock() + decision.retryAfterMs, wait: decision.retryAfterMs });
    }
    onDecision?.(name, decision);
    return { name, decision };
  };

  return {
    async admit(visitor, charges) {
      const takes = [...charges].map(([name, tokens]) => take(name, visitor, tokens));
      const { caller } = visitor;
      if (caller === null || caller.identity.role === 'user') takes.push(take('address', visitor, 1));
      const taken = await Promise.all(takes);
      const refused = taken
        .filter(({ decision }) => !decision.allowed)
        .reduce<RateDecision | null>((worst, { decision }) => longer(worst, decision), null);
      return {
        // The budget of cost speaks only where it refuses, or is all there is.
        standing: refused ?? taken.find(({ name }) => name !== 'cost')?.decision ?? taken[0]?.decision ?? null,
        cost: taken.find(({ name }) => name === 'cost')?.decision ?? null,
        refusal: refused === null ? null : refusalOf(refused.retryAfterMs),
      };
    },
    shut(address) {
      const known = shutUntil.get(address);
      if (known === undefined) return null;
      const wait = known.until - clock();
      // Longer than it was at first: the clock was set back since.
      return wait > 0 && wait <= known.wait ? refusalOf(wait) : null;
    },
  };
}

function longer(worst: RateDecision | null, decision: RateDecision): RateDecision {
  return worst !== null && worst.retryAfterMs >= decision.retryAfterMs ? worst : decision;
}

function refusalOf(retryAfterMs: number): CurioError {
  const wait = Math.ceil(Math.min(retryAfterMs, HOUR_MS));
  return new CurioError('RATE_LIMITED', `Too many requests, try again in ${Math.ceil(wait / 1000)} s`, {
    retryAfterMs: wait,
  });
}
