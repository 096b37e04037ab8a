import { buildApp } from '../app.js';
import { buildWorker } from '../backgroundWork.js';
import type { Config } from '../config/config.js';
import { systemClock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { AppDeps, Process } from '../process.js';
import { openStores, type Stores } from '../stores.js';
import { createLog } from '../telemetry/log.js';
import { createMetrics } from '../telemetry/metrics.js';
import { openTracing } from '../telemetry/openTracing.js';
import { announce } from './announce.js';
import { closeOnSignal } from './shutdown.js';

/** How a server comes to what it serves. */
export interface Preparation {
  /** Brings the stores to where they can be served. */
  readonly prepare: (stores: Stores, log: Log) => Promise<void>;
  /** Whether to listen only afterwards, or at once: live, and not ready until then. */
  readonly listen: 'at once' | 'when prepared';
}

/** Opens the stores and serves until SIGINT or SIGTERM; says so on standard output once requests are welcome. */
export async function serveUntilStopped(config: Config, { prepare, listen }: Preparation): Promise<void> {
  const tracing = await openTracing(config.tracesEndpoint);
  const ids = tracing.requests === null ? {} : { ids: tracing.ids };
  const log = createLog({ level: config.logLevel, pretty: !config.production, ...ids });
  const deps = { config, log, clock: systemClock, metrics: createMetrics(), tracing };
  const stores = await openStores(deps);
  try {
    if (listen === 'when prepared') await prepare(stores, log);
    const { app, url } = await start(deps, stores);
    if (listen === 'at once') {
      await prepare(stores, log);
      await stores.registry.ensureLoaded(config.defaultTenant);
    }
    if (app.isDraining()) return;
    app.work();
    await announce(url, config);
  } catch (error) {
    await stores.dispose();
    throw error;
  }
}

async function start(deps: AppDeps, stores: Stores): Promise<{ app: Process; url: string }> {
  const { config, log } = deps;
  const app = config.role === 'worker' ? buildWorker(deps, stores) : await buildApp(deps, stores);
  const url = await app.server.listen({ host: config.host, port: config.port });
  log.info({ url }, 'listening');
  closeOnSignal(app, config.production, deps.log);
  return { app, url };
}
