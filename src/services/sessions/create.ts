import { LRUCache } from 'lru-cache';
import { type Clock, MINUTE_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { isSession, sessionPerson } from '../../domain/session.js';
import type { PersonStates } from '../../engine/live/personStates.js';
import type { EventLog } from '../../store/ports/eventLog.js';

/** What someone did before they signed in. */
export interface Sessions {
  /**
   * What was done in the session becomes the person's own, before their next list is made. Never throws: what cannot be moved
   * now is moved by a later request.
   */
  signIn(tenant: string, sessionId: string | null, userId: string): Promise<void>;
}

/** A session that nothing was found for is not looked at again for so long. */
const LOOK_MS = MINUTE_MS;
const MOST_KNOWN = 50_000;

export function createSessions(deps: {
  readonly eventLog: Pick<EventLog, 'adopt'>;
  readonly personStates: Pick<PersonStates, 'touch'>;
  readonly clock: Clock;
  readonly log: Log;
}): Sessions {
  const { eventLog, personStates, clock, log } = deps;
  const lookedAt = new LRUCache<string, number>({ max: MOST_KNOWN });
  return {
    async signIn(tenant, sessionId, userId) {
      if (sessionId === null || isSession(userId)) return;
      const key = JSON.stringify([tenant, sessionId, userId]);
      if (Math.abs(clock() - (lookedAt.get(key) ?? Number.NEGATIVE_INFINITY)) < LOOK_MS) return;
      lookedAt.set(key, clock());
      const session = sessionPerson(sessionId);
      try {
        if ((await eventLog.adopt(tenant, session, userId)) > 0) await personStates.touch(tenant, [session, userId]);
      } catch (error) {
        lookedAt.delete(key);
        log.warn({ err: error, tenant }, 'what was done in a session cannot be moved to its person now');
      }
    },
  };
}
