import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type BusinessRule, byObedience, isActive } from '../../domain/businessRule.js';
import { type Clock, DAY_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { within } from '../../domain/within.js';
import type { Cache } from '../../store/ports/cache.js';
import type { PubSub } from '../../store/ports/pubSub.js';
import type { RuleStore } from '../../store/ports/ruleStore.js';
import { keyOf } from './keys.js';

/** The rules that hold at one moment. The same object for as long as they do. */
export interface ActiveRules {
  /** Names what they say: part of the key of every list they shaped. Equal on all nodes. */
  readonly version: string;
  /** The one that is obeyed first comes first. */
  readonly rules: readonly BusinessRule[];
}

export interface RuleBooks {
  /** Those that hold now. @throws when they cannot be read and never were. */
  load(tenant: string): Promise<ActiveRules>;
  /** Makes every node read the rules anew. Call once a change is durable. */
  touch(tenant: string): Promise<void>;
  dispose(): Promise<void>;
}

export const NO_RULES: ActiveRules = { version: '', rules: [] };

/** Tenants whose rules changed: a hint to read them. */
const CHANNEL = 'rules';
/** For a hint that was lost: how long rules are believed before their token in the cache is looked at again. */
const LOOK_MS = 500;
/** For a token that was lost too: how long before they are read again whatever it says. */
const READ_MS = 10_000;
const VERSION_TTL_MS = DAY_MS;
/** A store that is slower serves what is known. */
const PATIENCE_MS = 200;
const KEPT_TENANTS = 10_000;

interface Place {
  known: Book | null;
  /** What the cache said before the rules were read, so that they may be newer than it, never older. */
  token: string | null;
  lookedAt: number;
  readAt: number;
  /** Counts hints: what was being read when one came is for those who asked before it, and is not kept. */
  hints: number;
  looking: Promise<Book> | null;
}

/**
 * The rules of each tenant in this process. A change is told to all nodes as a message; a random token in the
 * cache, which the change deletes, makes up for a message that was lost.
 */
export function createRuleBooks(parts: {
  readonly store: Pick<RuleStore, 'list'>;
  readonly cache: Cache;
  readonly pubSub: PubSub;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
}): RuleBooks {
  const { store, cache, pubSub, newId, clock, log } = parts;
  const places = new LRUCache<string, Place>({ max: KEPT_TENANTS });

  const hint = (tenant: string) => {
    const place = places.get(tenant);
    if (place === undefined) return;
    place.hints += 1;
    place.lookedAt = Number.NEGATIVE_INFINITY;
    place.token = null;
    place.looking = null;
  };
  const listening = pubSub.subscribe(CHANNEL, hint).catch((error: unknown) => {
    log.warn({ err: error }, 'changes of rules are not heard here; they are found by looking');
    return async () => {};
  });

  const currentToken = async (key: string): Promise<string | null> => {
    try {
      return (await cache.get(key)) ?? (await cache.setIfAbsent(key, newId(), VERSION_TTL_MS));
    } catch (error) {
      log.debug({ err: error }, 'the version of the rules cannot be read: reading the rules instead');
      return null;
    }
  };

  const look = async (tenant: string, place: Place): Promise<Book> => {
    const now = clock();
    const { hints } = place;
    const token = await currentToken(keyOf('rules', tenant));
    const recent = Math.abs(now - place.readAt) < READ_MS;
    let book = place.known;
    if (book === null || token === null || token !== place.token || !recent) {
      book = await read(tenant, book);
      if (place.hints === hints) place.readAt = now;
    }
    if (place.hints === hints) {
      place.known = book;
      place.token = token;
      place.lookedAt = now;
    }
    return book;
  };

  const read = async (tenant: string, known: Book | null): Promise<Book> => {
    if (known === null) return bookOf(await store.list(tenant));
    try {
      const book = bookOf(await within(PATIENCE_MS, store.list(tenant)));
      return book.digest === known.digest ? known : book;
    } catch (error) {
      log.error({ err: error, tenant }, 'the rules cannot be read: obeying those that are known');
      return known;
    }
  };

  return {
    async load(tenant) {
      const place = places.get(tenant) ?? newPlace();
      places.set(tenant, place);
      if (place.known !== null && Math.abs(clock() - place.lookedAt) < LOOK_MS) return place.known.at(clock());
      const looking = place.looking ?? look(tenant, place);
      place.looking = looking;
      try {
        return (await looking).at(clock());
      } finally {
        if (place.looking === looking) place.looking = null;
      }
    },
    async touch(tenant) {
      await cache.delete(keyOf('rules', tenant));
      hint(tenant);
      await pubSub.publish(CHANNEL, tenant);
    },
    async dispose() {
      await (await listening)();
    },
  };
}

function newPlace(): Place {
  const never = Number.NEGATIVE_INFINITY;
  return { known: null, token: null, lookedAt: never, readAt: never, hints: 0, looking: null };
}

/** All rules of a tenant, and which of them hold when: between two beginnings or ends they are the same. */
interface Book {
  readonly digest: string;
  at(now: number): ActiveRules;
}

function bookOf(rules: readonly BusinessRule[]): Book {
  const ordered = [...rules].sort(byObedience);
  const digest = createHash('sha256').update(JSON.stringify(ordered)).digest('base64url');
  const turns = ordered
    .flatMap(({ startsAt, endsAt }) =>
      [startsAt, endsAt].flatMap((moment) => (moment === null ? [] : moment.getTime())),
    )
    .sort((a, b) => a - b);
  const phases = new Map<number, ActiveRules>();
  return {
    digest,
    at(now) {
      let phase = 0;
      while (phase < turns.length && (turns[phase] ?? 0) <= now) phase++;
      const known = phases.get(phase);
      if (known !== undefined) return known;
      const active = { version: `${digest}.${phase}`, rules: ordered.filter((rule) => isActive(rule, now)) };
      phases.set(phase, active);
      return active;
    },
  };
}
