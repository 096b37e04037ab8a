import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { CurioError } from '../../src/domain/errors.js';
import { unguarded } from '../../src/domain/guard.js';
import { silentLog } from '../../src/domain/log.js';
import { Late } from '../../src/domain/within.js';
import { isPositive } from '../../src/features/worth.js';
import { createBreakers } from '../../src/resilience/breakers.js';
import { createBulkhead } from '../../src/resilience/bulkhead.js';
import { guardPostgres } from '../../src/store/guarded/postgres.js';
import { isDatabaseAway } from '../../src/store/postgres/away.js';
import { selectUntil } from '../../src/store/postgres/cancellable.js';
import { openPostgres, type PostgresStores } from '../../src/store/postgres/open.js';
import { createPool, inTransaction } from '../../src/store/postgres/pool.js';
import { select } from '../../src/store/postgres/rows.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { patience } from '../helpers/patience.js';
import { createDatabase, type ThrowAwayDatabase } from '../helpers/postgres.js';
import { eachDatabase } from '../helpers/stores.js';
import { openWire } from '../helpers/wire.js';

const reason = new CurioError('TIMEOUT', 'too late');
const AT = new Date('2026-01-01');

/** Everything that the stores do for one request, for as long as a signal lets them. */
const READS: Readonly<Record<string, (stores: PostgresStores, signal: AbortSignal) => Promise<unknown>>> = {
  items: ({ entities }, signal) => entities.items('t', ['a'], signal),
  users: ({ entities }, signal) => entities.users('t', ['a'], signal),
  itemStats: ({ entities }, signal) => entities.itemStats('t', ['a'], signal),
  lastActive: ({ entities }, signal) => entities.lastActive('t', ['a'], signal),
  popularItems: ({ entities }, signal) => entities.popularItems('t', 5, signal),
  circles: ({ entities }, signal) => entities.circles('t', ['a'], 5, signal),
  history: ({ eventLog }, signal) => eventLog.history('t', 'a', 5, null, signal),
  personEvents: ({ eventLog }, signal) => eventLog.personEvents('t', ['a'], 5, signal),
  actsOf: ({ eventLog }, signal) => eventLog.actsOf('t', ['a'], 5, signal),
  actsOn: ({ eventLog }, signal) => eventLog.actsOn('t', ['a'], 5, signal),
  blockersAmong: ({ eventLog }, signal) => eventLog.blockersAmong('t', 'a', ['b'], signal),
  recentlyActive: ({ eventLog }, signal) => eventLog.recentlyActive('t', 5, signal),
  newestShown: ({ shownLog }, signal) => shownLog.newest('t', ['a'], 0, 5, signal),
  rules: ({ rules }, signal) => rules.list('t', signal),
  apiKey: ({ apiKeys }, signal) => apiKeys.find('nobody', signal),
  posts: ({ posts }, signal) => posts.posts('t', 'a', ['p'], signal),
  likedBy: ({ posts }, signal) => posts.likedBy('t', 'a', ['p'], signal),
  comments: ({ posts }, signal) => posts.comments('t', 'p', 'a', 5, null, signal),
  followed: ({ feed }, signal) => feed.followed('t', 'a', 0, 5, signal),
  everyone: ({ feed }, signal) => feed.everyone('t', 'a', 0, 5, signal),
  stillFollowed: ({ feed }, signal) => feed.stillFollowed('t', 'a', ['p'], signal),
  likedAuthors: ({ feed }, signal) => feed.likedAuthors('t', 'a', 5, signal),
};

const POST = {
  id: 'new',
  authorId: 'a',
  title: 't',
  text: 't',
  tags: [],
  media: null,
  previewUrl: null,
  createdAt: AT,
};
const COMMENT = { id: 'c', postId: 'p', authorId: 'a', text: 't', createdAt: AT };
const WRITES: typeof READS = {
  upsertUsers: ({ entities }, signal) => entities.upsertUsers('t', [{ id: 'new', name: 'New' }], signal),
  upsertItems: ({ entities }, signal) => entities.upsertItems('t', [{ id: 'item', kind: 'k', title: 't' }], signal),
  createPost: ({ posts }, signal) => posts.create('t', POST, { createAuthor: true, fanOutLimit: 5 }, signal),
  deletePost: ({ posts }, signal) => posts.delete('t', 'p', signal),
  like: ({ posts }, signal) => posts.like('t', 'p', 'a', AT, signal),
  unlike: ({ posts }, signal) => posts.unlike('t', 'p', 'a', signal),
  comment: ({ posts }, signal) => posts.comment('t', COMMENT, { createAuthor: true }, signal),
};
const ALL = Object.entries({ ...READS, ...WRITES });

/** As the app has them. */
function guarded(stores: PostgresStores, patienceMs = 60_000): PostgresStores {
  const breakers = createBreakers({ meter: createMetrics().meter, log: silentLog, ownDelayMs: () => 0 });
  const { run } = breakers.create('postgres', { patienceMs, counts: isDatabaseAway });
  const door = createBulkhead({ atOnce: 2, waiting: 100 });
  return guardPostgres(stores, { reads: run, write: unguarded, single: door, bulk: door });
}

eachDatabase('what has a signal', (database) => {
  it('does not begin once it has aborted', async () => {
    const stores = guarded(database.stores());
    const over = AbortSignal.abort(reason);
    for (const [name, ask] of ALL) await expect(ask(stores, over), name).rejects.toBe(reason);
  });

  it('is answered as ever otherwise', async () => {
    const stores = guarded(database.stores());
    for (const [name, ask] of ALL) await expect(ask(stores, new AbortController().signal), name).resolves.toBeDefined();
    expect(await stores.entities.items('t', ['item', 'new', 'no'])).toMatchObject([
      { id: 'item' },
      { id: 'new' },
      null,
    ]);
  });
});

const url = inject('postgresUrl');
describe.skipIf(url === null)(`a statement that runs${url === null ? ': no PostgreSQL was found' : ''}`, () => {
  const name = `curio-cancel-${randomUUID()}`;
  const watcher = new pg.Client({ connectionString: url ?? '' });
  let database: ThrowAwayDatabase;
  let stores: PostgresStores;
  beforeAll(async () => {
    await watcher.connect();
    database = await createDatabase();
    const databaseUrl = `${database.url}?application_name=${name}`;
    stores = await openPostgres({
      ...{ databaseUrl, dataDir: '', poolSize: 4, isPositive, log: silentLog, clock: Date.now },
    });
    await stores.migrate();
    await stores.entities.upsertUsers('t', [{ id: 'a', name: 'A' }]);
    await stores.posts.create('t', { ...POST, id: 'p' }, { createAuthor: true, fanOutLimit: 5 });
  });
  afterAll(async () => {
    await stores?.dispose();
    await watcher.end();
    await database?.drop();
  });
  /** Statements under way in this database, but for those of the test. */
  const running = async () => {
    const { rows } = await watcher.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1 AND application_name <> 'holder' AND state = 'active'`,
      [new URL(database.url).pathname.slice(1)],
    );
    return rows[0].n;
  };
  /** Nobody may read or write anything meanwhile. */
  const whileLocked = async (work: () => Promise<void>) => {
    const holder = new pg.Client({ connectionString: database.url, application_name: 'holder' });
    await holder.connect();
    // A statement that is not broken off fails its test, and no more.
    await holder.query(`SET idle_in_transaction_session_timeout = '60s'`);
    holder.on('error', () => {});
    const { rows } = await holder.query(
      `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    await holder.query(`BEGIN; LOCK TABLE ${rows.map((row) => row.name).join(', ')} IN ACCESS EXCLUSIVE MODE`);
    try {
      await work();
    } finally {
      await holder.query('ROLLBACK').catch(() => {});
      await holder.end();
    }
  };

  it.each(ALL)('is broken off in the database when its request is over: %s', async (_name, ask) => {
    await whileLocked(async () => {
      const request = new AbortController();
      const answer = ask(guarded(stores), request.signal).catch((error: unknown) => error);
      await vi.waitFor(async () => expect(await running()).toBeGreaterThan(0), patience);
      request.abort(reason);
      expect(await answer).toBe(reason);
      await vi.waitFor(async () => expect(await running()).toBe(0), patience);
    });
    // Nothing half done is left, and the connections go on.
    expect(await stores.posts.likedBy('t', 'a', ['p'])).toEqual([false]);
    expect(await stores.entities.items('t', ['item', 'new'])).toEqual([null, null]);
  });

  it.each(Object.entries(READS))('is broken off when nobody is so patient, whoever asked: %s', async (_name, ask) => {
    await whileLocked(async () => {
      // On a busy machine it may be over before anybody has looked: then once more.
      const wasSeen = async () => {
        let isOver = false;
        const answer = ask(guarded(stores, 150), new AbortController().signal)
          .catch((error: unknown) => error)
          .finally(() => {
            isOver = true;
          });
        let most = 0;
        while (!isOver) most = Math.max(most, await running());
        expect(await answer).toMatchObject({ name: 'StoreAway', cause: expect.any(Late) });
        return most > 0;
      };
      await expect.poll(wasSeen).toBe(true);
      await vi.waitFor(async () => expect(await running()).toBe(0), patience);
    });
  });

  it('that several wait for goes on while one of them does', async () => {
    await whileLocked(async () => {
      const [one, other] = [new AbortController(), new AbortController()];
      const asked = [one, other].map(({ signal }) =>
        stores.entities.popularItems('t', 5, signal).catch((error: unknown) => error),
      );
      await vi.waitFor(async () => expect(await running()).toBe(1), patience);
      one.abort(reason);
      await new Promise((later) => setTimeout(later, 200));
      expect(await running()).toBe(1);
      other.abort(reason);
      await Promise.all(asked);
      await vi.waitFor(async () => expect(await running()).toBe(0), patience);
    });
    expect(await stores.entities.popularItems('t', 5)).toMatchObject([{ id: 'p' }]);
  });

  it('frees its connection, though the pool has no other', async () => {
    const pool = createPool({ connectionString: database.url, max: 2 }, silentLog);
    const controllers = [new AbortController(), new AbortController()];
    const asked = controllers.map(({ signal }) =>
      selectUntil(pool, signal, { text: 'SELECT pg_sleep(60)', values: [] }).catch((error: unknown) => error),
    );
    await vi.waitFor(async () => expect(await running()).toBe(2), patience);
    for (const controller of controllers) controller.abort(reason);
    expect(await Promise.all(asked)).toEqual([reason, reason]);
    // The error comes a moment before the connection counts as idle.
    await vi.waitFor(async () => expect(await running()).toBe(0), patience);
    expect(pool.totalCount).toBe(2);
    expect(await Promise.all([1, 2, 3].map((n) => select(pool, { text: 'SELECT $1::int', values: [n] })))).toEqual([
      [[1]],
      [[2]],
      [[3]],
    ]);
    await pool.end();
  });

  it('loses its connection where the database hears of nothing: another takes its place', async () => {
    const direct = new URL(database.url);
    const wire = await openWire(direct.hostname, Number(direct.port || 5432));
    await wire.mend();
    const through = new URL(database.url);
    through.hostname = '127.0.0.1';
    through.port = String(wire.port);
    const pool = createPool({ connectionString: through.href, max: 2, connectionTimeoutMillis: 3_000 }, silentLog);
    await select(pool, { text: 'SELECT 1', values: [] });
    wire.hold();
    const request = new AbortController();
    const read = selectUntil(pool, request.signal, { text: 'SELECT 1', values: [] }).catch((error: unknown) => error);
    const write = new AbortController();
    const written = inTransaction(pool, (client) => client.query('SELECT 1'), write.signal).catch((e: unknown) => e);
    await new Promise((later) => setTimeout(later, 50));
    request.abort(reason);
    write.abort(reason);
    expect(await read).toBe(reason);
    expect([reason, 'Error: timeout exceeded when trying to connect']).toContainEqual(
      (await written) === reason ? reason : String(await written),
    );
    await expect.poll(() => pool.totalCount).toBe(0);
    wire.release();
    expect(await select(pool, { text: 'SELECT 1', values: [] })).toEqual([[1]]);
    await pool.end();
    await wire.close();
  });
});
