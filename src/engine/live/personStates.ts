import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { DAY_MS } from '../../domain/clock.js';
import type { PersonFacts } from '../../domain/entities.js';
import type { ItemEvent } from '../../domain/events.js';
import type { Log } from '../../domain/log.js';
import type { Cache } from '../../store/ports/cache.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import { keyOf } from './keys.js';
import { type ByTenant, readByTenant } from './readByTenant.js';

/** What a person did and says of themselves, as of one version. */
export interface PersonState {
  /** Changes with every event of theirs, on all nodes; part of the key of everything made from the events. */
  readonly version: string;
  /** Their newest events on items, newest first. */
  readonly events: readonly ItemEvent[];
  /** Null for someone nobody has heard of. */
  readonly facts: PersonFacts | null;
}

export interface PersonStates {
  /** As of now: an event that was acknowledged on any node is in it. @throws when the log cannot be read. */
  load(tenant: string, userId: string): Promise<PersonState>;
  /** Makes every state and list of these people old, on all nodes. Call once their events, or what they say of themselves, are durable. */
  touch(tenant: string, userIds: Iterable<string>): Promise<void>;
}

/** How many of the newest events count; what is older than that may be shown again. */
const EVENT_LIMIT = 10_000;
/** Events kept in this process over all people: about 100 bytes each. */
const KEPT_EVENTS = 400_000;
const VERSION_TTL_MS = DAY_MS;
const MOST_PER_READ = 64;

/**
 * The log is the truth; what is kept of it here counts only while the person's version in the cache stands. `touch`
 * deletes that version, and the first reader afterwards makes a new one before it reads the log, so that a state can
 * be newer than its version but never older. While the cache is away every load reads the log.
 */
export function createPersonStates(parts: {
  readonly eventLog: Pick<EventLog, 'personEvents'>;
  readonly entities: Pick<EntityStore, 'users'>;
  readonly cache: Cache;
  readonly newId: () => string;
  readonly log: Log;
}): PersonStates {
  const { cache, newId, log } = parts;
  const kept = new LRUCache<string, PersonState>({
    maxSize: KEPT_EVENTS,
    sizeCalculation: ({ events }) => events.length + 1,
  });
  const reads = new DataLoader<ByTenant, Read, ByTenant>(
    (people) => readByTenant(people, (tenant, ids) => readPeople(parts, tenant, ids)),
    { cache: false, maxBatchSize: MOST_PER_READ },
  );

  const currentVersion = async (key: string): Promise<string | null> => {
    try {
      return (await cache.get(key)) ?? (await cache.setIfAbsent(key, newId(), VERSION_TTL_MS));
    } catch (error) {
      log.debug({ err: error }, 'the version of a person cannot be read: reading the log instead');
      return null;
    }
  };

  return {
    async load(tenant, userId) {
      const key = keyOf('person', tenant, userId);
      const version = await currentVersion(key);
      const known = version === null ? undefined : kept.get(key);
      if (known !== undefined && known.version === version) return known;
      const read = await reads.load({ tenant, userId });
      if (version === null) return { version: newId(), ...read };
      const state = { version, ...read };
      kept.set(key, state);
      return state;
    },
    async touch(tenant, userIds) {
      const keys = Array.from(new Set(userIds), (userId) => keyOf('person', tenant, userId));
      for (const key of keys) kept.delete(key);
      await Promise.all(keys.map((key) => cache.delete(key)));
    },
  };
}

type Read = Omit<PersonState, 'version'>;

async function readPeople(
  stores: { readonly eventLog: Pick<EventLog, 'personEvents'>; readonly entities: Pick<EntityStore, 'users'> },
  tenant: string,
  ids: readonly string[],
): Promise<Read[]> {
  const [lists, users] = await Promise.all([
    stores.eventLog.personEvents(tenant, ids, EVENT_LIMIT),
    stores.entities.users(tenant, ids),
  ]);
  return ids.map((_, at) => ({ events: lists[at] ?? [], facts: users[at] ?? null }));
}
