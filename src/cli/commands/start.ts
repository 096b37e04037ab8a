import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { loadSample, SAMPLE_DEFAULTS } from '../../sample/load.js';
import type { Stores } from '../../stores.js';
import { createProgress } from '../progress.js';
import { serveUntilStopped } from '../serveUntilStopped.js';
import { trainVersion } from './train.js';

/** From nothing to a server with something to show. Each step is passed over when its work is already there. */
export async function startCommand(config: Config): Promise<void> {
  const tenant = config.defaultTenant;
  const opening = createProgress('Open the database');
  const prepare = async (stores: Stores) => {
    const { postgres, registry } = stores;
    await postgres.migrate((name) => opening.update({ stage: `apply ${name}` }));
    opening.done();
    if ((await postgres.entities.countItems(tenant)) === 0) {
      const progress = createProgress('Load the sample world');
      await loadSample({ stores: postgres, tenant, ...SAMPLE_DEFAULTS, clock: systemClock, progress });
    }
    if ((await registry.ensureLoaded(tenant)) === null) {
      await trainVersion(config, stores, { tenant, until: null, tuneMinutes: null, seed: 1, deploy: true });
    }
  };
  await serveUntilStopped(config, { prepare, listen: 'when prepared' });
}
