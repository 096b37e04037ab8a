import { buildApp, openStores, type Stores } from '../app.js';
import type { Config } from '../config/config.js';
import { systemClock } from '../domain/clock.js';
import { createLog } from '../telemetry/log.js';
import { announce } from './announce.js';
import { closeOnSignal } from './shutdown.js';

/** Opens the stores, lets `prepare` bring them to where they can be served, and serves until SIGINT or SIGTERM. */
export async function serveUntilStopped(config: Config, prepare: (stores: Stores) => Promise<void>): Promise<void> {
  const log = createLog({ level: config.logLevel, pretty: !config.production });
  const deps = { config, log, clock: systemClock };
  const stores = await openStores(deps);
  try {
    await prepare(stores);
    const app = await buildApp(deps, stores);
    const url = await app.server.listen({ host: config.host, port: config.port });
    closeOnSignal(app, log);
    await announce(url, config);
  } catch (error) {
    await stores.dispose();
    throw error;
  }
}
