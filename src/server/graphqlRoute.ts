import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badInput, CurioError } from '../domain/errors.js';
import { createContext, type GraphQLContext } from '../graphql/context.js';
import type { PersistedOperations } from '../graphql/persisted.js';
import { networkOf } from '../limits/address.js';
import type { Services } from '../services/services.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { AdmitRequest } from './admit.js';
import type { Authenticate } from './auth/authenticate.js';
import type { Deadline } from './deadline.js';
import { sendError } from './errors.js';
import type { EventStreams } from './live/eventStream.js';
import type { Playground } from './playground.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborts when an operation has taken as long as it may. */
    until: AbortSignal;
  }
}

export interface GraphqlRouteDeps {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly authenticate: Authenticate;
  readonly services: Services;
  readonly entities: EntityStore;
  readonly admit: AdmitRequest;
  /** Milliseconds that one read of entities may take. */
  readonly deadlineMs: number;
  readonly deadline: Deadline;
  readonly eventStreams: EventStreams;
  readonly persisted: Pick<PersistedOperations, 'serves'>;
  readonly playground: Playground | null;
}

/** `/graphql`: POST, and GET for queries; event streams; the playground for a browser that comes by GET. */
export function graphqlRoute(app: FastifyInstance, deps: GraphqlRouteDeps): void {
  const { apollo, authenticate, services, entities, admit, deadlineMs, deadline, eventStreams } = deps;
  const { persisted, playground } = deps;

  const answer = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest, reply: FastifyReply) =>
      createContext({
        identity: request.caller?.identity ?? null,
        requestId: request.id,
        services,
        entities,
        admit: (charges) => admit(request, reply, charges),
        signal: request.until,
        deadlineMs,
        summary: request.summary,
        address: networkOf(request.ip),
      }),
  });

  app.decorateRequest('until');
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before the body is read, so that strangers with a bad token cost little.
    onRequest: async (request) => {
      // The integration makes an address of it.
      if (!URL.canParse(`http://${request.hostname}/`)) throw badInput('Host', 'must be the name of a host');
      request.caller = await authenticate(request.headers);
    },
    // Before the text is parsed.
    preHandler: async (request) => {
      const text = textOf(request);
      if (text === null || persisted.serves(text)) return;
      throw badInput('query', 'must be a registered operation: nothing else is served here');
    },
    onSend: async (request, reply, payload) =>
      reply.statusCode >= 400 && typeof payload === 'string' ? withRequestId(payload, request) : payload,
    handler(request, reply) {
      if (playground !== null && request.method === 'GET' && wantsPage(request)) return playground(request, reply);
      const wanted = eventStreams.wanted(request);
      if (wanted !== null) return eventStreams.serve(request, reply, wanted);
      return deadline(async (signal) => {
        request.until = signal;
        return answer.call(app, request, reply);
      });
    },
  });
  app.route({
    method: ['PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler(request, reply) {
      reply.header('allow', 'GET, POST');
      return sendError(request, reply, new CurioError('BAD_USER_INPUT', 'Only GET and POST are served here'), 405);
    },
  });
}

/** The text of an operation; null where a hash or an id stands for it. */
function textOf({ method, body, query }: FastifyRequest): string | null {
  const given = method === 'GET' ? query : body;
  const text = typeof given === 'object' && given !== null && 'query' in given ? given.query : null;
  return typeof text === 'string' && text !== '' ? text : null;
}

/** Browsers name HTML before anything else; GraphQL clients do not name it. */
function wantsPage({ headers: { accept } }: FastifyRequest): boolean {
  return accept !== undefined && /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(accept);
}

/** Apollo answers requests that never become an operation by itself, and does not know the request id. */
function withRequestId(payload: string, request: FastifyRequest): string {
  const answer: unknown = JSON.parse(payload);
  if (typeof answer !== 'object' || answer === null || !('errors' in answer) || !Array.isArray(answer.errors))
    return payload;
  const errors = answer.errors.map((error: { extensions?: Readonly<Record<string, unknown>> }) => {
    const code = error.extensions?.code;
    if (typeof code === 'string') request.summary.errorCodes.add(code);
    return { ...error, extensions: { ...error.extensions, requestId: request.id } };
  });
  return JSON.stringify({ ...answer, errors });
}
