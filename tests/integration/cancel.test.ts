import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { CurioError } from '../../src/domain/errors.js';
import { silentLog } from '../../src/domain/log.js';
import { guardPostgres } from '../../src/store/guarded/postgres.js';
import { selectUntil } from '../../src/store/postgres/cancellable.js';
import { createPool } from '../../src/store/postgres/pool.js';
import { select } from '../../src/store/postgres/rows.js';
import { patience } from '../helpers/patience.js';
import { eachDatabase } from '../helpers/stores.js';

const reason = new CurioError('TIMEOUT', 'too late');

eachDatabase('reads with a signal', (database) => {
  it('do not begin once it has aborted', async () => {
    // Through the breakers, as the app has them.
    const pass = <T>(work: () => Promise<T>) => work();
    const { entities, eventLog } = guardPostgres(database.stores(), { reads: pass, write: pass, bulk: pass });
    const over = AbortSignal.abort(reason);
    await expect(entities.items('t', ['a'], over)).rejects.toBe(reason);
    await expect(entities.users('t', ['a'], over)).rejects.toBe(reason);
    await expect(entities.itemStats('t', ['a'], over)).rejects.toBe(reason);
    await expect(entities.lastActive('t', ['a'], over)).rejects.toBe(reason);
    await expect(eventLog.history('t', 'a', 5, null, over)).rejects.toBe(reason);
    expect(await entities.items('t', ['a'], new AbortController().signal)).toEqual([null]);
  });
});

const url = inject('postgresUrl');
describe.skipIf(url === null)('a query that runs', () => {
  const name = `curio-cancel-${randomUUID()}`;
  const pool = createPool({ connectionString: url ?? '', max: 2, application_name: name }, silentLog);
  const watcher = new pg.Client({ connectionString: url ?? '' });
  beforeAll(() => watcher.connect());
  afterAll(async () => {
    await pool.end();
    await watcher.end();
  });
  const running = async () => {
    const { rows } = await watcher.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1 AND state = 'active'`,
      [name],
    );
    return rows[0].n;
  };

  it('is broken off in the database, and its connection goes on, though the pool has no other', async () => {
    const controllers = [new AbortController(), new AbortController()];
    const asked = controllers.map(({ signal }) =>
      selectUntil(pool, signal, { text: 'SELECT pg_sleep(60)', values: [] }).catch((error: unknown) => error),
    );
    await vi.waitFor(async () => expect(await running()).toBe(2), patience);
    for (const controller of controllers) controller.abort(reason);
    expect(await Promise.all(asked)).toEqual([reason, reason]);
    expect(await running()).toBe(0);
    expect(pool.totalCount).toBe(2);
    expect(await Promise.all([1, 2, 3].map((n) => select(pool, { text: 'SELECT $1::int', values: [n] })))).toEqual([
      [[1]],
      [[2]],
      [[3]],
    ]);
  });
});
