import { CurioError } from '../domain/errors.js';
import type { Identity } from '../domain/identity.js';
import type { Admission, Charges } from '../limits/gate.js';
import type { Services } from '../services/services.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import { createLoaders, type Loaders } from './loaders/index.js';

/** What the request line of the log says about the operation. Filled in on the way. */
export interface OperationSummary {
  operation: string | null;
  readonly errorCodes: Set<string>;
}

/** Counts what a request asks for, before any of it is done. */
export type Admit = (charges: Charges) => Promise<Admission>;

/** One per request. */
export interface GraphQLContext {
  /** Null for a caller without credentials. */
  readonly identity: Identity | null;
  readonly requestId: string;
  readonly services: Services;
  readonly loaders: Loaders;
  readonly admit: Admit;
  /** Aborts when the request has taken as long as it may. */
  readonly signal: AbortSignal;
  readonly summary: OperationSummary;
  /** Where a person calls from; null for services, who call for others. */
  readonly address: string | null;
  /** The cursor after which a subscription goes on, where the transport names one. */
  readonly resumeAfter: string | null;
  /** Response keys of lists that are poorer than they should be and have no field to say so. Filled in on the way. */
  readonly degraded: Set<string>;
}

export interface ContextDeps {
  readonly identity: Identity | null;
  readonly requestId: string;
  readonly services: Services;
  readonly entities: EntityStore;
  readonly admit: Admit;
  /** Aborts when the request has taken as long as it may. */
  readonly signal: AbortSignal;
  /** Milliseconds that one read of entities may take. */
  readonly deadlineMs: number;
  readonly summary: OperationSummary;
  readonly address: string;
  readonly resumeAfter?: string | null;
}

export function createContext({
  entities,
  address,
  deadlineMs,
  resumeAfter = null,
  ...rest
}: ContextDeps): GraphQLContext {
  const { identity, services } = rest;
  return {
    ...rest,
    address: identity?.role === 'user' ? address : null,
    resumeAfter,
    degraded: new Set(),
    loaders: createLoaders({
      tenant: identity?.tenant ?? '',
      viewerId: identity?.userId ?? null,
      entities,
      services,
      signal: rest.signal,
      deadlineMs,
    }),
  };
}

/**
 * Who is asking. Every field of Query and Mutation needs it, if only for the tenant.
 * @throws CurioError UNAUTHENTICATED
 */
export function identified({ identity }: GraphQLContext): Identity {
  if (identity !== null) return identity;
  throw new CurioError('UNAUTHENTICATED', 'Send an Authorization header with a bearer token, or X-API-Key');
}
