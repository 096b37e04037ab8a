import { type FastifyInstance, fastify } from 'fastify';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { ApiKeyStore } from '../store/ports/apiKeyStore.js';
import type { Metrics } from '../telemetry/metrics.js';
import { createVerifyApiKey } from './auth/apiKey.js';
import { createAuthenticate } from './auth/authenticate.js';
import { createVerifyBearer } from './auth/bearer.js';
import { drainOnClose } from './drain.js';
import { handleErrors } from './errors.js';
import { type HealthReport, healthRoutes } from './health.js';
import { metricsRoute } from './metricsRoute.js';
import { requestIdOf } from './requestId.js';
import { requestLog } from './requestLog.js';
import { securityHeaders } from './securityHeaders.js';

export interface WorkerServerDeps {
  readonly config: Config;
  readonly apiKeys: ApiKeyStore;
  readonly health: () => Promise<HealthReport>;
  readonly isDraining: () => boolean;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** All that a process says of itself which only works behind the answers of others: health and metrics. */
export function createWorkerServer({
  config,
  apiKeys,
  health,
  isDraining,
  log,
  metrics,
  clock,
}: WorkerServerDeps): FastifyInstance {
  const app = fastify({ logger: false, requestIdHeader: false, genReqId: requestIdOf });
  requestLog(app, log);
  drainOnClose(app);
  securityHeaders(app);
  handleErrors(app, { log, bodyLimit: config.bodyLimit });
  healthRoutes(app, { health, isDraining, clock, log });
  const authenticate = createAuthenticate({
    verifyBearer: createVerifyBearer({ auth: config.auth, defaultTenant: config.defaultTenant, clock }),
    verifyApiKey: createVerifyApiKey({ apiKeys, clock }),
  });
  metricsRoute(app, { authenticate, scrapeKey: config.metricsKey, expose: metrics.expose });
  return app;
}
