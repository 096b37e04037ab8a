import type { FastifyInstance } from 'fastify';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';

/** One dependency; other members say more about it: which kind, which version. */
export interface DependencyState {
  readonly status: 'up' | 'down' | 'absent';
  readonly [detail: string]: string | number | null;
}

/** What the server depends on, by name. `absent` is no fault: a model before the first training. */
export type HealthReport = Readonly<Record<string, DependencyState>>;

export interface HealthDeps {
  readonly health: () => Promise<HealthReport>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * `/v1/health` and `/v1/health/ready` look at every dependency and answer 503 when one is down; `/v1/health/live` only says
 * that the process answers. `uptime` is in seconds.
 */
export function healthRoutes(app: FastifyInstance, { health, clock, log }: HealthDeps): void {
  const started = clock();
  const uptime = () => Math.max(0, (clock() - started) / 1000);
  const options = { config: { quiet: true } };

  app.get('/v1/health/live', options, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'healthy', uptime: uptime() };
  });

  for (const path of ['/v1/health', '/v1/health/ready']) {
    app.get(path, options, async (_request, reply) => {
      const dependencies = await health().catch((error: unknown) => {
        log.error({ err: error }, 'the state of the dependencies could not be read');
        return null;
      });
      const healthy = dependencies !== null && Object.values(dependencies).every(({ status }) => status !== 'down');
      reply.header('cache-control', 'no-store').code(healthy ? 200 : 503);
      return { status: healthy ? 'healthy' : 'unhealthy', uptime: uptime(), dependencies: dependencies ?? {} };
    });
  }
}
