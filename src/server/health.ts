import type { FastifyInstance } from 'fastify';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';

/** One dependency; other members say more about it: which kind, which version, how its breaker stands. */
export interface DependencyState {
  readonly status: 'up' | 'down' | 'absent';
  readonly [detail: string]: string | number | null;
}

/** What the server depends on, by name. `absent` is no fault: a model before the first training. */
export type HealthReport = Readonly<Record<string, DependencyState>>;

export interface HealthDeps {
  readonly health: () => Promise<HealthReport>;
  /** Whether the process is about to end and takes no new work. */
  readonly isDraining: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * `/v1/health` looks at every dependency and answers 503 when one is down. `/v1/health/ready` says whether to send requests
 * here: not before everything was up once, and not while draining. A dependency that is lost later is lost to every node, and
 * lists are served without it: that is `degraded`, and 200. `/v1/health/live` only says that the event loop turns. `uptime` is in
 * seconds.
 */
export function healthRoutes(app: FastifyInstance, { health, isDraining, clock, log }: HealthDeps): void {
  const started = clock();
  const uptime = () => Math.max(0, (clock() - started) / 1000);
  const options = { config: { quiet: true } };
  let wasHealthy = false;

  const look = async () => {
    const dependencies = await health().catch((error: unknown) => {
      log.error({ err: error }, 'the state of the dependencies could not be read');
      return null;
    });
    const isHealthy = dependencies !== null && Object.values(dependencies).every(({ status }) => status !== 'down');
    wasHealthy ||= isHealthy;
    return { isHealthy, dependencies: dependencies ?? {} };
  };

  app.get('/v1/health/live', options, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'healthy', uptime: uptime() };
  });

  app.get('/v1/health', options, async (_request, reply) => {
    const { isHealthy, dependencies } = await look();
    reply.header('cache-control', 'no-store').code(isHealthy ? 200 : 503);
    return { status: isHealthy ? 'healthy' : 'unhealthy', uptime: uptime(), dependencies };
  });

  app.get('/v1/health/ready', options, async (_request, reply) => {
    const { isHealthy, dependencies } = await look();
    const isReady = wasHealthy && !isDraining();
    const status = isDraining() ? 'draining' : isHealthy ? 'healthy' : isReady ? 'degraded' : 'unhealthy';
    reply.header('cache-control', 'no-store').code(isReady ? 200 : 503);
    return { status, uptime: uptime(), dependencies };
  });
}
