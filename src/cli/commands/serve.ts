import { type App, buildApp, openStores } from '../../app.js';
import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { createLog } from '../../telemetry/log.js';
import { announce } from '../announce.js';
import { closeOnSignal } from '../shutdown.js';

/** Serves until SIGINT or SIGTERM. The database must be migrated: `curio migrate`, or `curio start` does it. */
export async function serveCommand(config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, pretty: !config.production });
  const deps = { config, log, clock: systemClock };
  const stores = await openStores(deps);
  let app: App;
  let url: string;
  try {
    const pending = await stores.postgres.pending();
    if (pending.length > 0)
      throw new Error(`The database lacks ${pending.join(', ')}; run \`npx curio migrate\` first.`);
    app = await buildApp(deps, stores);
    url = await app.server.listen({ host: config.host, port: config.port });
  } catch (error) {
    await stores.dispose();
    throw error;
  }
  closeOnSignal(app, log);
  await announce(url, config);
}
