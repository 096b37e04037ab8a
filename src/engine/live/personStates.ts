import type { PersonFacts } from '../../domain/entities.js';
import type { ItemEvent } from '../../domain/events.js';
import type { Log } from '../../domain/log.js';
import type { Cache } from '../../store/ports/cache.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import { createVersionedStates, type Versioned, type VersionedStates } from './versionedStates.js';

interface Person {
  /** Their newest events on items, newest first. */
  readonly events: readonly ItemEvent[];
  /** Null for someone nobody has heard of. */
  readonly facts: PersonFacts | null;
}

/** What a person did on items and says of themselves, as of one version. */
export type PersonState = Versioned<Person>;
export type PersonStates = VersionedStates<Person>;

/** How many of the newest events count; what is older than that may be shown again. */
const EVENT_LIMIT = 10_000;
/** Events kept in this process over all people: about 100 bytes each. */
const KEPT_EVENTS = 400_000;

export function createPersonStates(parts: {
  readonly eventLog: Pick<EventLog, 'personEvents'>;
  readonly entities: Pick<EntityStore, 'users'>;
  readonly cache: Cache;
  readonly newId: () => string;
  readonly log: Log;
}): PersonStates {
  const { eventLog, entities } = parts;
  return createVersionedStates<Person>({
    ...parts,
    kind: 'person',
    async read(tenant, ids) {
      const [lists, users] = await Promise.all([
        eventLog.personEvents(tenant, ids, EVENT_LIMIT),
        entities.users(tenant, ids),
      ]);
      return ids.map((_, at) => ({ events: lists[at] ?? [], facts: users[at] ?? null }));
    },
    sizeOf: ({ events }) => events.length,
    mostKept: KEPT_EVENTS,
  });
}
