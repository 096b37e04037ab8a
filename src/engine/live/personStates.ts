import { BANISHING } from '../../domain/actions.js';
import type { PersonFacts } from '../../domain/entities.js';
import type { ItemEvent } from '../../domain/events.js';
import type { Log } from '../../domain/log.js';
import type { Cache } from '../../store/ports/cache.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import { createVersionedStates, type Versioned, type VersionedStates } from './versionedStates.js';

interface Person {
  /** Whether they want lists of their own. Without it there are neither events nor facts. */
  readonly personalised: boolean;
  /** Their newest events on items, newest first. */
  readonly events: readonly ItemEvent[];
  /** Items they never want to meet again. Kept to without their consent too: it is what they asked for. */
  readonly banished: readonly string[];
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
  /** What counts for people who never said whether they want lists of their own. */
  readonly personaliseByDefault: boolean;
  readonly cache: Cache;
  readonly newId: () => string;
  readonly log: Log;
}): PersonStates {
  const { eventLog, entities, personaliseByDefault } = parts;
  return createVersionedStates<Person>({
    ...parts,
    kind: 'person',
    async read(tenant, ids) {
      const [lists, users] = await Promise.all([
        eventLog.personEvents(tenant, ids, EVENT_LIMIT),
        entities.users(tenant, ids),
      ]);
      return ids.map((_, at) => {
        const user = users[at] ?? null;
        const events = lists[at] ?? [];
        const personalised = user?.personalised ?? personaliseByDefault;
        const banished = events.filter(({ action }) => BANISHING.has(action)).map(({ itemId }) => itemId);
        return { personalised, events: personalised ? events : [], banished, facts: personalised ? user : null };
      });
    },
    sizeOf: ({ events, banished }) => events.length + banished.length,
    mostKept: KEPT_EVENTS,
  });
}
