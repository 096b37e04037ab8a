import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { silentLog } from '../../src/domain/log.js';
import { isPositive } from '../../src/features/worth.js';
import { openPostgres } from '../../src/store/postgres/open.js';
import { openStores, type Stores } from '../../src/stores.js';
import { createLog } from '../../src/telemetry/log.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { eventOf } from '../helpers/events.js';
import { createDatabase, type ThrowAwayDatabase } from '../helpers/postgres.js';

const T = 'tenant';
const ALL = { createMissing: 'all' } as const;
const lack = inject('postgresLack');

async function collect<P, R>(pages: AsyncIterable<P>, read: (page: P) => readonly R[]): Promise<R[]> {
  const found: R[] = [];
  for await (const page of pages) found.push(...read(page));
  return found;
}

/** Two databases that know of one person but of different acts stand for a primary and a replica that is far behind. */
describe.skipIf(lack !== null)(`DATABASE_READ_URL ${lack ?? ''}`, () => {
  let primary: ThrowAwayDatabase;
  let replica: ThrowAwayDatabase;
  const opened: Stores[] = [];

  async function fill(url: string, item: string, title: string): Promise<void> {
    const stores = await openPostgres({
      databaseUrl: url,
      dataDir: '',
      poolSize: 2,
      isPositive,
      log: silentLog,
      clock: Date.now,
    });
    try {
      await stores.migrate();
      const event = { tenant: T, userId: 'ann', action: 'LIKE', target: { itemId: item } } as const;
      await stores.eventLog.append([eventOf({ ...event, eventId: `${item} e`, occurredAt: 1_000 })], ALL);
      await stores.entities.upsertItems(T, [{ id: item, kind: 'film', title }]);
      await stores.entities.addFollows(T, [{ followerId: 'ann', followeeId: item, createdAt: new Date(0) }]);
    } finally {
      await stores.dispose();
    }
  }

  async function open(readUrl: string): Promise<Stores> {
    const config = readConfig({ DATABASE_URL: primary.url, DATABASE_READ_URL: readUrl, CURIO_POOL_SIZE: '2' });
    const log = createLog({ level: 'silent', pretty: false });
    const stores = await openStores({ config, log, clock: Date.now, metrics: createMetrics() });
    opened.push(stores);
    return stores;
  }

  beforeAll(async () => {
    [primary, replica] = await Promise.all([createDatabase(), createDatabase()]);
    await fill(primary.url, 'new', 'primary');
    await fill(replica.url, 'old', 'replica');
  });

  afterAll(async () => {
    for (const stores of opened) await stores.dispose();
    await primary?.drop();
    await replica?.drop();
  });

  it('answers history, counts, last activity and popularity', async () => {
    const { postgres } = await open(replica.url);
    const { entities, eventLog } = postgres;
    const [event] = await eventLog.history(T, 'ann', 10, null);
    expect(event?.target).toEqual({ itemId: 'old' });
    expect((await entities.itemStats(T, ['old', 'new'])).map(({ likes }) => likes)).toEqual([1, 0]);
    expect((await entities.popularItems(T, 5)).map(({ id }) => id)).toEqual(['old']);
    await postgres.eventLog.append(
      [eventOf({ tenant: T, userId: 'bob', eventId: 'b', target: { itemId: 'new' } })],
      ALL,
    );
    expect(await entities.lastActive(T, ['ann', 'bob'])).toEqual([1_000, null]);
    expect((await eventLog.recentlyActive(T, 10)).map(({ userId }) => userId)).toEqual(['ann']);
  });

  it('leaves what must know of the last event, and what is kept until it changes, to the primary', async () => {
    const { entities, eventLog } = (await open(replica.url)).postgres;
    expect((await entities.items(T, ['old', 'new'])).map((item) => item?.title ?? null)).toEqual([null, 'primary']);
    expect((await entities.users(T, ['bob'])).map((user) => user?.id)).toEqual(['bob']);
    const [acts] = await eventLog.personEvents(T, ['ann'], 10);
    expect(acts?.map(({ itemId }) => itemId)).toEqual(['new']);
    expect((await entities.circles(T, ['ann'], 10))[0]?.followees).toEqual(['new']);
    expect(await collect(entities.scanItems(T), (page) => page.map(({ id }) => id))).toEqual(['new']);
    const scanned = await collect(eventLog.scan(T, Date.now() + 1_000), (page) => page.itemIds);
    expect(new Set(scanned)).toEqual(new Set(['new']));
  });

  it('is what training reads', async () => {
    const { entities, eventLog } = (await open(replica.url)).archive;
    expect(await collect(entities.scanItems(T), (page) => page.map(({ id }) => id))).toEqual(['old']);
    expect(await collect(entities.scanUsers(T), (page) => page.map(({ id }) => id))).toEqual(['ann']);
    expect(await collect(entities.scanFollows(T), ({ followeeIds }) => followeeIds)).toEqual(['old']);
    expect(await collect(eventLog.scan(T, 2_000), ({ itemIds }) => itemIds)).toEqual(['old']);
    expect(await eventLog.count(T, 2_000)).toBe(1);
  });

  it('is done without while it is away', async () => {
    const { postgres, breakers } = await open('postgresql://postgres@127.0.0.1:9/curio');
    for (let time = 0; time < 40; time++) {
      const [event] = await postgres.eventLog.history(T, 'ann', 10, null);
      expect(event?.target).toEqual({ itemId: 'new' });
    }
    expect((await postgres.entities.itemStats(T, ['new'])).map(({ likes }) => likes > 0)).toEqual([true]);
    expect(breakers.states().get('replica')).toBe('open');
    expect(breakers.states().get('postgres')).toBe('closed');
  });
});
