import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';
import { badInput, CurioError } from '../domain/errors.js';
import { createContext, type GraphQLContext } from '../graphql/context.js';
import { createLimit, type Limit } from '../graphql/limit.js';
import type { Services } from '../services/services.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { RateLimiter } from '../store/ports/rateLimiter.js';
import type { Authenticate } from './auth/authenticate.js';
import type { Caller } from './auth/caller.js';
import { sendError } from './errors.js';
import type { Playground } from './playground.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null without credentials. */
    caller: Caller | null;
  }
}

export interface GraphqlRouteDeps {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly authenticate: Authenticate;
  readonly services: Services;
  readonly entities: EntityStore;
  readonly rateLimiter: RateLimiter;
  readonly rates: Config['rates'];
  readonly playground: Playground | null;
}

/** `/graphql`: POST, and GET for queries; the playground for a browser that comes by GET. */
export function graphqlRoute(app: FastifyInstance, deps: GraphqlRouteDeps): void {
  const { apollo, authenticate, services, entities, rateLimiter, rates, playground } = deps;

  const limitOf = (caller: Caller | null): Limit => {
    if (caller === null) return async () => undefined;
    return createLimit({ rateLimiter, rates, caller: caller.name, role: caller.identity.role });
  };

  const answer = fastifyApolloHandler(apollo, {
    context: async ({ caller, id, summary }: FastifyRequest) =>
      createContext({
        identity: caller?.identity ?? null,
        requestId: id,
        services,
        entities,
        limit: limitOf(caller),
        summary,
      }),
  });

  app.decorateRequest('caller', null);
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before the body is read, so that strangers with a bad token cost little.
    onRequest: async (request) => {
      // The integration makes an address of it.
      if (!URL.canParse(`http://${request.hostname}/`)) throw badInput('Host', 'must be the name of a host');
      request.caller = await authenticate(request.headers);
    },
    onSend: async (request, reply, payload) =>
      reply.statusCode >= 400 && typeof payload === 'string' ? withRequestId(payload, request) : payload,
    handler(request, reply) {
      if (playground !== null && request.method === 'GET' && wantsPage(request)) return playground(request, reply);
      return answer.call(app, request, reply);
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
