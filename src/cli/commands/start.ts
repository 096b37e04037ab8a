import { type App, buildApp, openStores } from '../../app.js';
import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { loadSample, SAMPLE_DEFAULTS } from '../../sample/load.js';
import { createLog } from '../../telemetry/log.js';
import { announce } from '../announce.js';
import { createProgress } from '../progress.js';
import { closeOnSignal } from '../shutdown.js';
import { trainVersion } from './train.js';

/** From nothing to a server with something to show. Each step is passed over when its work is already there. */
export async function startCommand(config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, pretty: !config.production });
  const deps = { config, log, clock: systemClock };
  const tenant = config.defaultTenant;
  const opening = createProgress('Open the database');
  const stores = await openStores(deps);
  let app: App;
  let url: string;
  try {
    await stores.postgres.migrate((name) => opening.update({ stage: `apply ${name}` }));
    opening.done();
    if ((await stores.postgres.entities.countItems(tenant)) === 0) {
      await loadSample({
        stores: stores.postgres,
        tenant,
        ...SAMPLE_DEFAULTS,
        clock: systemClock,
        progress: createProgress('Load the sample world'),
      });
    }
    if ((await stores.registry.ensureLoaded(tenant)) === null) {
      await trainVersion(config, stores, { tenant, until: null, seed: 1, deploy: true });
    }
    app = await buildApp(deps, stores);
    url = await app.server.listen({ host: config.host, port: config.port });
  } catch (error) {
    await stores.dispose();
    throw error;
  }
  closeOnSignal(app, log);
  await announce(url, config);
}
