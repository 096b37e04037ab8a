import type { Config } from '../config/config.js';
import { systemClock } from '../domain/clock.js';
import { openStores, type Stores } from '../stores.js';
import { createLog } from '../telemetry/log.js';
import { createMetrics } from '../telemetry/metrics.js';

/** Opens the stores, migrates the database, runs `work`, and closes everything whatever happens. */
export async function withStores<T>(config: Config, work: (stores: Stores) => Promise<T>): Promise<T> {
  const log = createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel, pretty: true });
  const stores = await openStores({ config, log, clock: systemClock, metrics: createMetrics() });
  try {
    await stores.postgres.migrate();
    return await work(stores);
  } finally {
    await stores.dispose();
  }
}
