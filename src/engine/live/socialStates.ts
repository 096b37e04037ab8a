import type { Circle } from '../../domain/entities.js';
import type { PersonAct } from '../../domain/events.js';
import type { Log } from '../../domain/log.js';
import type { Cache } from '../../store/ports/cache.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import { createVersionedStates, type Versioned, type VersionedStates } from './versionedStates.js';

/** How a person stands with others. */
export interface SocialRelations extends Circle {
  /** What they did to people, newest first. */
  readonly acts: readonly PersonAct[];
  /** What people did to them lately, newest first. */
  readonly advances: readonly PersonAct[];
}

/** The same, as of one version: it changes with every act of theirs on people, and with every one on them. */
export type SocialState = Versioned<SocialRelations>;
export type SocialStates = VersionedStates<SocialRelations>;

/** How many of a person's newest acts on people count; someone acted on before that may be shown again. */
const ACTS = 10_000;
const ADVANCES = 500;
/** How many of those a person follows, and of those who follow them, are known. */
const CIRCLE = 10_000;
/** Entries kept in this process over all people: about 100 bytes each. */
const KEPT_ENTRIES = 200_000;

export function createSocialStates(parts: {
  readonly eventLog: Pick<EventLog, 'actsOf' | 'actsOn'>;
  readonly entities: Pick<EntityStore, 'circles'>;
  readonly cache: Cache;
  readonly newId: () => string;
  readonly log: Log;
}): SocialStates {
  const { eventLog, entities } = parts;
  return createVersionedStates<SocialRelations>({
    ...parts,
    kind: 'social',
    async read(tenant, ids) {
      const [acts, advances, circles] = await Promise.all([
        eventLog.actsOf(tenant, ids, ACTS),
        eventLog.actsOn(tenant, ids, ADVANCES),
        entities.circles(tenant, ids, CIRCLE),
      ]);
      return ids.map((_, at) => ({
        acts: acts[at] ?? [],
        advances: advances[at] ?? [],
        followees: circles[at]?.followees ?? [],
        followers: circles[at]?.followers ?? [],
      }));
    },
    sizeOf: ({ acts, advances, followees, followers }) =>
      acts.length + advances.length + followees.length + followers.length,
    mostKept: KEPT_ENTRIES,
  });
}
