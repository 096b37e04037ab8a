import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../domain/clock.js';
import type { CurioError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import { createContext, type GraphQLContext } from '../../graphql/context.js';
import type { Live } from '../../graphql/live/live.js';
import type { Gate } from '../../limits/gate.js';
import type { Services } from '../../services/services.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { Authenticate } from '../auth/authenticate.js';
import type { Caller } from '../auth/caller.js';
import { signalFor } from '../deadline.js';
import { watchCredentials } from './watch.js';

/** What connections that stay open are made of, whatever they speak. */
export interface LiveDeps {
  readonly live: Live;
  readonly authenticate: Authenticate;
  readonly gate: Gate;
  readonly services: Services;
  readonly entities: EntityStore;
  /** How long one execution may take. */
  readonly requestTimeoutMs: number;
  /** Milliseconds that one read of entities may take. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears why a connection was ended from here. */
  readonly onDropped: (reason: 'slow' | 'credentials') => void;
}

/** Bytes that may wait for one reader to take them. */
export const MOST_BUFFERED = 512 * 1024;

export interface Visit {
  readonly caller: Caller | null;
  readonly requestId: string;
  /** Where it comes from, as limits count it. */
  readonly address: string;
  readonly resumeAfter: string | null;
}

/** Makes the context of each execution of a visit. */
export function contexts(
  { services, entities, gate, requestTimeoutMs, deadlineMs }: LiveDeps,
  visit: Visit,
): () => GraphQLContext {
  const { caller, requestId, address, resumeAfter } = visit;
  return () =>
    createContext({
      identity: caller?.identity ?? null,
      requestId,
      services,
      entities,
      admit: (charges) => gate.admit({ caller, address }, charges),
      signal: signalFor(requestTimeoutMs),
      deadlineMs,
      summary: { operation: null, errorCodes: new Set() },
      address,
      resumeAfter,
    });
}

/** Watches the credentials that came in these headers. The answer ends it. */
export function watch(
  { authenticate, clock, log }: LiveDeps,
  caller: Caller | null,
  headers: IncomingHttpHeaders,
  onRefused: (reason: CurioError) => void,
): () => void {
  if (caller === null) return () => {};
  return watchCredentials({ caller, verify: () => authenticate(headers), clock, log, onRefused });
}
