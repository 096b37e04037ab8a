import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/domain/log.js';
import { isPositive } from '../../src/features/worth.js';
import { connectDatabase } from '../../src/store/postgres/database.js';
import { openPostgres } from '../../src/store/postgres/open.js';
import { databaseBackends } from '../helpers/databases.js';
import { eventOf } from '../helpers/events.js';
import { shownList } from '../helpers/shown.js';

const ALL = { createMissing: 'all' } as const;

describe.each(databaseBackends)('dispose on $name', ({ lack, make }) => {
  it.skipIf(lack !== null)(`writes what was given before, and refuses more ${lack ?? ''}`, async () => {
    const { place, remove } = await make();
    try {
      const stores = await openPostgres({ ...place, poolSize: 4, isPositive, log: silentLog, clock: Date.now });
      await stores.migrate();
      const large = Array.from({ length: 21_000 }, (_, n) => eventOf({ tenant: 't', eventId: `large ${n}` }));
      const calls = [
        stores.eventLog.append(large, ALL),
        ...Array.from({ length: 20 }, (_, n) =>
          stores.eventLog.append([eventOf({ tenant: 't', eventId: `small ${n}` })], ALL),
        ),
      ];
      stores.shownLog.record(shownList());
      await stores.dispose();
      expect((await Promise.all(calls)).flat().filter((outcome) => outcome === 'stored')).toHaveLength(21_020);
      await expect(stores.eventLog.append([eventOf({ tenant: 't', eventId: 'late' })], ALL)).rejects.toThrow('closed');

      const { pool, dispose } = await connectDatabase({ ...place, poolSize: 1, log: silentLog });
      const { rows } = await pool.query(
        `SELECT (SELECT count(*) FROM interactions)::int AS events,
                (SELECT count(*) FROM recommendation_requests)::int AS lists`,
      );
      await dispose();
      expect(rows).toEqual([{ events: 21_020, lists: 1 }]);
    } finally {
      await remove();
    }
  });
});
