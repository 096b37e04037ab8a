import { CurioError } from '../domain/errors.js';
import type { Identity } from '../domain/identity.js';
import type { Services } from '../services/services.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { Limit } from './limit.js';
import { createLoaders, type Loaders } from './loaders/index.js';

/** What the request line of the log says about the operation. Filled in on the way. */
export interface OperationSummary {
  operation: string | null;
  readonly errorCodes: Set<string>;
}

/** One per request. */
export interface GraphQLContext {
  /** Null for a caller without credentials. */
  readonly identity: Identity | null;
  readonly requestId: string;
  readonly services: Services;
  readonly loaders: Loaders;
  readonly limit: Limit;
  readonly summary: OperationSummary;
}

export interface ContextDeps {
  readonly identity: Identity | null;
  readonly requestId: string;
  readonly services: Services;
  readonly entities: EntityStore;
  readonly limit: Limit;
  readonly summary: OperationSummary;
}

export function createContext({ entities, ...rest }: ContextDeps): GraphQLContext {
  const { identity, services } = rest;
  return { ...rest, loaders: createLoaders({ tenant: identity?.tenant ?? '', entities, services }) };
}

/**
 * Who is asking. Every field of Query and Mutation needs it, if only for the tenant.
 * @throws CurioError UNAUTHENTICATED
 */
export function identified({ identity }: GraphQLContext): Identity {
  if (identity !== null) return identity;
  throw new CurioError('UNAUTHENTICATED', 'Send an Authorization header with a bearer token, or X-API-Key');
}
