import { LRUCache } from 'lru-cache';
import type { Clock } from '../../domain/clock.js';
import type { User } from '../../domain/entities.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';

/** Someone who is about. */
export interface ActivePerson {
  readonly user: User;
  /** Epoch milliseconds of their newest event; null for someone who never acted. */
  readonly at: number | null;
}

/** Who is about in a tenant, those who acted last first; known up to a few seconds ago. */
export type ActivePeople = (tenant: string) => Promise<readonly ActivePerson[]>;

const NEWEST_EVENTS = 2_000;
const MOST = 200;
/** Where fewer acted lately, people who are registered stand in. */
const ENOUGH = 50;
const FRESH_MS = 10_000;
const TENANTS = 1_000;

/** The same answer serves everyone who asks within ten seconds: whoever is shown is looked up anew. */
export function createActivePeople(parts: {
  readonly eventLog: Pick<EventLog, 'recentlyActive'>;
  readonly entities: Pick<EntityStore, 'users' | 'scanUsers'>;
  readonly clock: Clock;
}): ActivePeople {
  const { eventLog, entities, clock } = parts;
  const kept = new LRUCache<string, { readonly at: number; readonly people: Promise<readonly ActivePerson[]> }>({
    max: TENANTS,
  });

  const read = async (tenant: string): Promise<ActivePerson[]> => {
    const active = (await eventLog.recentlyActive(tenant, NEWEST_EVENTS)).slice(0, MOST);
    const users = await entities.users(
      tenant,
      active.map(({ userId }) => userId),
    );
    const people = active.flatMap(({ at }, place): ActivePerson[] => {
      const user = users[place] ?? null;
      return user === null ? [] : [{ user, at }];
    });
    if (people.length >= ENOUGH) return people;
    const known = new Set(people.map(({ user }) => user.id));
    for await (const page of entities.scanUsers(tenant)) {
      for (const user of page) {
        if (people.length < ENOUGH && !known.has(user.id)) people.push({ user, at: null });
      }
      break;
    }
    return people;
  };

  return (tenant) => {
    const known = kept.get(tenant);
    if (known !== undefined && Math.abs(clock() - known.at) < FRESH_MS) return known.people;
    const people = read(tenant);
    kept.set(tenant, { at: clock(), people });
    // What failed is asked for again at once.
    people.catch(() => kept.delete(tenant));
    return people;
  };
}
