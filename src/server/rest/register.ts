import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CurioError } from '../../domain/errors.js';
import { createLoaders } from '../../graphql/loaders/index.js';
import { networkOf } from '../../limits/address.js';
import { requireRole } from '../../services/access.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { AdmitRequest } from '../admit.js';
import type { Authenticate } from '../auth/authenticate.js';
import type { Deadline } from '../deadline.js';
import { openApi } from './openapi.js';
import type { RestContext } from './route.js';
import { routes } from './routes.js';

export interface RestDeps extends Pick<RestContext, 'services' | 'performance' | 'deploy'> {
  readonly authenticate: Authenticate;
  readonly admit: AdmitRequest;
  readonly entities: EntityStore;
  /** Milliseconds that one read of entities may take. */
  readonly deadlineMs: number;
  readonly deadline: Deadline;
}

/** `/v1/*`: the same services as GraphQL, with the same rules and limits. */
export function restRoutes(app: FastifyInstance, deps: RestDeps): void {
  const { authenticate, admit, entities, deadlineMs, deadline, ...context } = deps;
  const document = openApi(routes);
  app.get('/v1/openapi.json', { config: { quiet: true } }, async () => document);

  for (const route of routes) {
    const { method, path, roles, output } = route;
    app.route({
      method,
      url: path.replace(/\{(\w+)\}/g, ':$1'),
      onRequest: async (request) => {
        request.caller = await authenticate(request.headers);
      },
      handler: async (request, reply) => {
        const { identity } = request.caller ?? refuse();
        if (roles !== undefined) requireRole(identity, ...roles);
        const call = route.read(inputOf(request));
        const { refusal } = await admit(request, reply, call.charges);
        if (refusal !== null) throw refusal;
        const answer = await deadline((signal) => {
          const loaders = createLoaders({
            tenant: identity.tenant,
            viewerId: identity.userId,
            entities,
            services: context.services,
            signal,
            deadlineMs,
          });
          const address = identity.role === 'user' ? networkOf(request.ip) : null;
          return call.answer({ ...context, identity, requestId: request.id, loaders, address, signal });
        });
        reply.code(output.status).header('cache-control', 'no-store');
        if (answer instanceof Readable) reply.type('application/json');
        return output.schema === null ? reply.send() : answer;
      },
    });
  }
}

function refuse(): never {
  throw new CurioError('UNAUTHENTICATED', 'Send an Authorization header with a bearer token, or X-API-Key');
}

/** What the path names cannot be overwritten by the rest. */
function inputOf({ method, query, body, params }: FastifyRequest): unknown {
  const rest = method === 'GET' ? query : (body ?? {});
  return typeof rest === 'object' && rest !== null && !Array.isArray(rest) && typeof params === 'object'
    ? { ...rest, ...params }
    : rest;
}
