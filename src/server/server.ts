import { type FastifyInstance, fastify } from 'fastify';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { startApollo } from '../graphql/apollo.js';
import type { Services } from '../services/services.js';
import type { ApiKeyStore } from '../store/ports/apiKeyStore.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { RateLimiter } from '../store/ports/rateLimiter.js';
import { createVerifyApiKey } from './auth/apiKey.js';
import { createAuthenticate } from './auth/authenticate.js';
import { createVerifyBearer } from './auth/bearer.js';
import { signToken } from './auth/token.js';
import { consoleRoutes } from './console.js';
import { drainOnClose } from './drain.js';
import { handleErrors } from './errors.js';
import { graphqlRoute } from './graphqlRoute.js';
import { type HealthReport, healthRoutes } from './health.js';
import { playgroundRoutes } from './playground.js';
import { previewRoutes } from './previews.js';
import { requestIdOf } from './requestId.js';
import { requestLog } from './requestLog.js';
import { securityHeaders } from './securityHeaders.js';

export interface ServerDeps {
  readonly config: Config;
  readonly services: Services;
  readonly entities: EntityStore;
  readonly apiKeys: ApiKeyStore;
  readonly rateLimiter: RateLimiter;
  readonly health: () => Promise<HealthReport>;
  readonly log: Log;
  readonly clock: Clock;
}

/** Longest time to receive a request, so that a slow sender cannot hold a connection for ever. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The HTTP side, ready to listen. `close()` finishes the requests in flight and refuses new ones. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { config, services, entities, apiKeys, rateLimiter, health, log, clock } = deps;
  const app = fastify({
    logger: false,
    bodyLimit: config.bodyLimit,
    requestTimeout: REQUEST_TIMEOUT_MS,
    requestIdHeader: false,
    genReqId: requestIdOf,
    routerOptions: { maxParamLength: 512 },
  });
  // A form of another site may send it without asking; only JSON is taken.
  app.removeContentTypeParser('text/plain');
  requestLog(app, log);
  drainOnClose(app);
  securityHeaders(app);
  handleErrors(app, { log, bodyLimit: config.bodyLimit });

  const token = await developmentToken(config);
  const apollo = await startApollo({ introspection: config.introspection, log });
  // Not in `onClose`, which runs before the last requests have ended.
  app.server.once('close', () => void apollo.stop());
  graphqlRoute(app, {
    apollo,
    authenticate: createAuthenticate({
      verifyBearer: createVerifyBearer({ auth: config.auth, defaultTenant: config.defaultTenant, clock }),
      verifyApiKey: createVerifyApiKey({ apiKeys, clock }),
    }),
    services,
    entities,
    rateLimiter,
    rates: config.rates,
    playground: config.playground ? playgroundRoutes(app, { token }) : null,
  });
  healthRoutes(app, { health, clock, log });
  previewRoutes(app);
  consoleRoutes(app, { token, playground: config.playground });
  return app;
}

/** For the pages that people open while developing. In production there is none, whatever else is set. */
async function developmentToken({ production, auth, defaultTenant }: Config): Promise<string | null> {
  if (production || auth.secret === null) return null;
  return signToken({ secret: auth.secret, userId: 'user-1', role: 'admin', tenant: defaultTenant, expiresIn: '30d' });
}
