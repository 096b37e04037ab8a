import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { awayError, CurioError, type ErrorCode } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import { StoreAway } from '../store/ports/storeAway.js';

const STATUS: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  TIMEOUT: 504,
};

export interface ErrorDeps {
  readonly log: Log;
  /** Bytes, for the message. */
  readonly bodyLimit: number;
}

/** Answers what goes wrong outside of an operation in the form GraphQL clients read, on every route. */
export function handleErrors(app: FastifyInstance, { log, bodyLimit }: ErrorDeps): void {
  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    if (error instanceof StoreAway) return sendError(request, reply, awayError(), 503);
    const known = error instanceof CurioError ? error : requestFault(error, bodyLimit);
    if (known !== null) return sendError(request, reply, known, statusOf(error, known));
    log.error({ err: error, requestId: request.id }, 'a request failed');
    request.summary.errorCodes.add('INTERNAL_SERVER_ERROR');
    return reply.code(500).send(body('Internal server error', { code: 'INTERNAL_SERVER_ERROR' }, request.id));
  });
  app.setNotFoundHandler((request, reply) =>
    sendError(request, reply, new CurioError('NOT_FOUND', 'There is nothing at this address')),
  );
}

/** What Fastify refuses before a handler runs. Its own messages may quote the request, so they are not passed on. */
function requestFault(error: FastifyError | Error, bodyLimit: number): CurioError | null {
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) {
    return new CurioError('PAYLOAD_TOO_LARGE', `The body must be at most ${bodyLimit} bytes`, { limit: bodyLimit });
  }
  if (status === 415) return new CurioError('BAD_USER_INPUT', 'The content type must be application/json');
  if (status === 400) return new CurioError('BAD_USER_INPUT', 'The body must be valid JSON, and an object');
  return null;
}

function statusOf(error: FastifyError | Error, { code }: CurioError): number {
  return 'statusCode' in error && error.statusCode !== undefined ? error.statusCode : STATUS[code];
}

/** The status is that of the code, unless another says it better. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: CurioError,
  status: number = STATUS[error.code],
): FastifyReply {
  request.summary.errorCodes.add(error.code);
  const { retryAfterMs } = error.extensions;
  if (typeof retryAfterMs === 'number') reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
  return reply.code(status).send(body(error.message, { ...error.extensions, code: error.code }, request.id));
}

function body(message: string, extensions: { readonly code: string }, requestId: string) {
  return { errors: [{ message, extensions: { ...extensions, requestId } }] };
}
