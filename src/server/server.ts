import { type FastifyInstance, fastify } from 'fastify';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { startApollo } from '../graphql/apollo.js';
import { openPersisted } from '../graphql/persisted.js';
import { createGate } from '../limits/gate.js';
import type { Load } from '../resilience/load.js';
import type { Services } from '../services/services.js';
import type { ApiKeyStore } from '../store/ports/apiKeyStore.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { MediaFiles } from '../store/ports/mediaStore.js';
import type { RateLimiter } from '../store/ports/rateLimiter.js';
import type { Metrics } from '../telemetry/metrics.js';
import { silentTracing, type Tracing } from '../telemetry/tracing.js';
import { countDecisions } from './admissionMetrics.js';
import { countRequests } from './admit.js';
import { createVerifyApiKey } from './auth/apiKey.js';
import { createAuthenticate } from './auth/authenticate.js';
import { createVerifyBearer } from './auth/bearer.js';
import { signToken } from './auth/token.js';
import { consoleRoutes } from './console.js';
import { allowOrigins } from './cors.js';
import { createDeadline } from './deadline.js';
import { drainOnClose } from './drain.js';
import { handleErrors } from './errors.js';
import { graphqlRoute } from './graphqlRoute.js';
import { type HealthReport, healthRoutes } from './health.js';
import { liveConnections } from './live/open.js';
import { mediaRoutes } from './media.js';
import { metricsRoute } from './metricsRoute.js';
import { playgroundRoutes } from './playground.js';
import { previewRoutes } from './previews.js';
import { requestIdOf } from './requestId.js';
import { requestLog } from './requestLog.js';
import { requestMetrics } from './requestMetrics.js';
import { requestTraces } from './requestTraces.js';
import { measured } from './rest/performance.js';
import { restRoutes } from './rest/register.js';
import { securityHeaders } from './securityHeaders.js';
import { shedLoad } from './shed.js';

export interface ServerDeps {
  readonly config: Config;
  readonly services: Services;
  readonly entities: EntityStore;
  readonly apiKeys: ApiKeyStore;
  readonly rateLimiter: RateLimiter;
  /** Null where the storage takes and serves files by itself. */
  readonly media: MediaFiles | null;
  readonly health: () => Promise<HealthReport>;
  /** Makes a registered model version serve the tenant. */
  readonly deploy: (tenant: string, version: string) => Promise<void>;
  readonly isDraining: () => boolean;
  readonly load: Load;
  readonly log: Log;
  readonly metrics: Metrics;
  /** @default none */
  readonly tracing?: Tracing;
  readonly clock: Clock;
}

/** Longest time to receive a request, so that a slow sender cannot hold a connection for ever. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The HTTP side, ready to listen. `close()` finishes the requests in flight and refuses new ones. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const {
    config,
    entities,
    apiKeys,
    rateLimiter,
    health,
    isDraining,
    load,
    deploy,
    log,
    metrics,
    clock,
    tracing = silentTracing,
  } = deps;
  const app = fastify({
    logger: false,
    bodyLimit: config.bodyLimit,
    requestTimeout: REQUEST_TIMEOUT_MS,
    requestIdHeader: false,
    genReqId: requestIdOf,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    routerOptions: { maxParamLength: 512 },
  });
  // A form of another site may send it without asking; only JSON is taken.
  app.removeContentTypeParser('text/plain');
  requestTraces(app, tracing);
  requestLog(app, log);
  requestMetrics(app, metrics.meter);
  drainOnClose(app);
  securityHeaders(app);
  await allowOrigins(app, config.corsOrigins);
  handleErrors(app, { log, bodyLimit: config.bodyLimit });

  shedLoad(app, { load, meter: metrics.meter });
  const gate = createGate({ rateLimiter, rates: config.rates, clock, onDecision: countDecisions(metrics.meter) });
  const admit = countRequests(app, { gate, log });
  const deadline = createDeadline(config.requestTimeoutMs);
  const lists = measured(deps.services.recommendations, clock());
  const services = { ...deps.services, recommendations: lists.service };

  const token = await developmentToken(config);
  const { introspection, federation, maxCost } = config;
  const persisted = openPersisted(config.persisted);
  const apollo = await startApollo({
    introspection,
    federation,
    maxCost,
    persisted,
    log,
    meter: metrics.meter,
    tracer: tracing.tracer,
  });
  // Not in `onClose`, which runs before the last requests have ended.
  app.server.once('close', () => void apollo.stop());
  const authenticate = createAuthenticate({
    verifyBearer: createVerifyBearer({ auth: config.auth, defaultTenant: config.defaultTenant, clock }),
    verifyApiKey: createVerifyApiKey({ apiKeys, clock }),
  });
  const eventStreams = liveConnections(app, { ...deps, authenticate, gate, persisted });
  const { deadlineMs } = config;
  graphqlRoute(app, {
    apollo,
    authenticate,
    services,
    entities,
    admit,
    deadlineMs,
    deadline,
    eventStreams,
    persisted,
    playground: config.playground ? playgroundRoutes(app, { token }) : null,
  });
  restRoutes(app, { authenticate, admit, deadlineMs, deadline, services, entities, deploy, performance: lists.report });
  healthRoutes(app, { health, isDraining, clock, log });
  metricsRoute(app, { authenticate, scrapeKey: config.metricsKey, expose: metrics.expose });
  if (deps.media !== null) mediaRoutes(app, { files: deps.media, limit: config.media.limit });
  previewRoutes(app);
  consoleRoutes(app, { token, playground: config.playground });
  return app;
}

/** For the pages that people open while developing. In production there is none, whatever else is set. */
async function developmentToken({ production, auth, defaultTenant }: Config): Promise<string | null> {
  if (production || auth.secret === null) return null;
  return signToken({ secret: auth.secret, userId: 'user-1', role: 'admin', tenant: defaultTenant, expiresIn: '30d' });
}
