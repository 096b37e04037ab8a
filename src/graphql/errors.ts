import { type DocumentNode, GraphQLError, type GraphQLFormattedError, Kind, visit } from 'graphql';
import { awayError, CurioError } from '../domain/errors.js';
import { StoreAway } from '../store/ports/storeAway.js';

/** Codes of Apollo Server for requests that are wrong, all of which are one code here. */
const REQUEST_FAULTS: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Clients of persisted queries look for these codes. */
const PERSISTED_QUERY: ReadonlySet<unknown> = new Set(['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED']);

/** A message may quote what was sent, between the name of the field and what would be right; there it is cut. */
const MAX_MESSAGE = 1_000;

export interface PresentedError {
  readonly formatted: GraphQLFormattedError & { readonly extensions: { readonly code: string } };
  /** What went wrong inside, for the log; null when the caller can act on the message. */
  readonly internal: unknown;
}

export interface PresentOptions {
  /** Leaves out "Did you mean …", which names what introspection would. */
  readonly hideSchema: boolean;
  /** To name the argument that a wrong literal belongs to. */
  readonly document?: DocumentNode | undefined;
}

/** What a caller may see of an error. Only what is known to be theirs keeps its message. */
export function presentError(error: unknown, { hideSchema, document }: PresentOptions): PresentedError {
  const graphql = error instanceof GraphQLError ? error : null;
  const cause = callersView(rootCause(error));
  const place = graphql === null ? {} : { locations: graphql.locations, path: graphql.path };
  if (cause instanceof CurioError) {
    const extensions = { ...cause.extensions, code: cause.code };
    return { formatted: shape(cause.message, place, extensions), internal: null };
  }
  const code = graphql?.extensions?.code;
  if (graphql !== null && PERSISTED_QUERY.has(code)) {
    return { formatted: shape(graphql.message, place, { code: String(code) }), internal: null };
  }
  if (graphql !== null && (isRequestFault(graphql) || isArgumentFault(graphql))) {
    const field = fieldOf(graphql, document);
    const text = hideSchema ? graphql.message.replace(/ ?Did you mean [^?]*\?/g, '') : graphql.message;
    const message = field === null || text.includes(field) ? text : `${field}: ${text}`;
    const extensions = { ...(field !== null && { field }), code: 'BAD_USER_INPUT' };
    return { formatted: shape(message, place, extensions), internal: null };
  }
  const formatted = shape('Internal server error', place, { code: 'INTERNAL_SERVER_ERROR' });
  return { formatted, internal: cause ?? error };
}

function shape(
  message: string,
  { locations, path }: Pick<Partial<GraphQLError>, 'locations' | 'path'>,
  extensions: { readonly code: string },
): PresentedError['formatted'] {
  return {
    message: shorten(message),
    ...(locations !== undefined && locations.length > 0 && { locations }),
    ...(path !== undefined && { path }),
    extensions,
  };
}

function shorten(message: string): string {
  if (message.length <= MAX_MESSAGE) return message;
  return `${message.slice(0, MAX_MESSAGE / 2)} … ${message.slice(-MAX_MESSAGE / 2)}`;
}

/** A store that is away is nothing the caller did, but they can act on it: try again. */
function callersView(cause: unknown): unknown {
  return cause instanceof StoreAway ? awayError() : cause;
}

function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined) cause = cause.originalError;
  return cause;
}

/** Found before execution, so that nothing thrown by a resolver passes for one. */
function isRequestFault({ path, extensions, message }: GraphQLError): boolean {
  if (path !== undefined) return false;
  return REQUEST_FAULTS.has(extensions.code) || TOO_MANY.test(message);
}

/** What graphql-js says, without a code, when it gives up on variables that are wrong in more than fifty places. */
const TOO_MANY = /^Too many errors processing variables/;

/** An argument whose variable holds null: GraphQL finds that while executing, with a path and no cause. */
function isArgumentFault({ originalError, message, path }: GraphQLError): boolean {
  return originalError == null && path !== undefined && /^Argument "\w+" /.test(message);
}

/** `input.occurredAt` for a wrong literal; the place graphql-js names for a wrong variable. */
function fieldOf({ message, nodes }: GraphQLError, document: DocumentNode | undefined): string | null {
  const variable = /^Variable "\$(\w+)" .*?(?: at "([^"]+)")?;/s.exec(message);
  if (variable !== null) return variable[2] ?? variable[1] ?? null;
  const node = nodes?.[0];
  if (node === undefined || document === undefined) return null;
  let field: string | null = null;
  visit(document, {
    enter(current, _key, parent, _path, ancestors) {
      if (current !== node) return;
      const names: string[] = [];
      for (const ancestor of [...ancestors, parent ?? current, current]) {
        if ('kind' in ancestor && (ancestor.kind === Kind.ARGUMENT || ancestor.kind === Kind.OBJECT_FIELD)) {
          names.push(ancestor.name.value);
        }
      }
      if (names.length > 0) field = names.join('.');
    },
  });
  return field;
}
