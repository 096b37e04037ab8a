import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { silentLog } from '../../domain/log.js';
import { silentMeter } from '../../domain/meter.js';
import { expire } from '../../services/privacy/housekeeping.js';
import { withStores } from '../withStores.js';

/** What the background job does every hour where CURIO_RETENTION_DAYS is set, once and now. */
export async function retainCommand(config: Config, days: number): Promise<void> {
  const { events, lists } = await withStores(config, ({ postgres, live }) =>
    expire(
      { privacy: postgres.privacy, cache: live.cache, clock: systemClock, log: silentLog, meter: silentMeter },
      { days, isStopped: () => false },
    ),
  );
  console.log(`Deleted ${events} events and ${lists} shown lists older than ${days} days.`);
}
