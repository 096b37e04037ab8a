import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { openStores } from '../../stores.js';
import { createLog } from '../../telemetry/log.js';
import { createMetrics } from '../../telemetry/metrics.js';

export async function migrateCommand(config: Config): Promise<void> {
  const log = createLog({ level: 'warn', pretty: true });
  const stores = await openStores({ config, log, clock: systemClock, metrics: createMetrics() });
  try {
    const applied = await stores.postgres.migrate();
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
  } finally {
    await stores.dispose();
  }
}
