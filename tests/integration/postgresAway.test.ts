import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/domain/log.js';
import { isPositive } from '../../src/features/worth.js';
import { openPostgres, type PostgresStores } from '../../src/store/postgres/open.js';
import { eventOf } from '../helpers/events.js';
import { lackOfPostgresServer, type PostgresServer, startPostgresServer } from '../helpers/postgresServer.js';

const ALL = { createMissing: 'all' } as const;
const open = (databaseUrl: string) =>
  openPostgres({ databaseUrl, dataDir: '', poolSize: 4, isPositive, log: silentLog, clock: Date.now });

describe('a PostgreSQL that is not there', () => {
  it('fails whatever is asked of it, and is closed without ado', async () => {
    const stores = await open('postgres://postgres@127.0.0.1:9/curio');
    await expect(stores.ping()).rejects.toThrow('ECONNREFUSED');
    await expect(stores.migrate()).rejects.toThrow('ECONNREFUSED');
    await expect(stores.pending()).rejects.toThrow('ECONNREFUSED');
    await expect(stores.eventLog.append([eventOf({ tenant: 't', eventId: 'e' })], ALL)).rejects.toThrow('ECONNREFUSED');
    await expect(stores.eventLog.history('t', 'u', 1, null)).rejects.toThrow('ECONNREFUSED');
    await expect(stores.entities.items('t', ['i'])).rejects.toThrow();
    await expect(stores.entities.eraseUser('t', 'u')).rejects.toThrow('ECONNREFUSED');
    await expect(stores.models.deployed('t')).rejects.toThrow();
    await expect(stores.apiKeys.find('x')).rejects.toThrow();
    await stores.dispose();
  });
});

const lack = lackOfPostgresServer();

describe.skipIf(lack !== null)(`a PostgreSQL that goes away ${lack ?? ''}`, () => {
  let server: PostgresServer;
  let stores: PostgresStores;

  beforeAll(async () => {
    server = await startPostgresServer();
    stores = await open(server.url);
    await stores.migrate();
  });

  afterAll(async () => {
    await stores?.dispose();
    await server?.stop();
  });

  it('fails what is asked meanwhile, loses nothing it acknowledged, and is used again once it is back', async () => {
    const acknowledged: string[] = [];
    let failed = 0;
    let going = true;
    let next = 0;
    const caller = async () => {
      while (going) {
        const eventId = `e${next++}`;
        try {
          await stores.eventLog.append([eventOf({ tenant: 't', eventId, action: 'LIKE' })], ALL);
          acknowledged.push(eventId);
        } catch {
          failed += 1;
          await new Promise((wake) => setTimeout(wake, 5));
        }
      }
    };
    const callers = Array.from({ length: 8 }, caller);
    await expect.poll(() => acknowledged.length).toBeGreaterThan(50);
    await server.kill();
    await expect.poll(() => failed).toBeGreaterThan(8);
    await expect(stores.entities.users('t', ['u'])).rejects.toThrow();
    await server.restart();
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 50);
    going = false;
    await Promise.all(callers);

    const history = await stores.eventLog.history('t', 'u', 1_000_000, null);
    const stored = history.map((event) => event.eventId);
    expect(new Set(stored).size).toBe(stored.length);
    expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
    expect(await stores.entities.itemStats('t', ['i'])).toMatchObject([{ likes: stored.length }]);
    expect(await stores.entities.users('t', ['u'])).toMatchObject([{ id: 'u' }]);
  });

  it('does not take the process with it when it breaks connections that nobody uses', async () => {
    await stores.ping();
    await server.kill();
    await server.restart();
    await expect.poll(() => stores.ping().then(() => 'there')).toBe('there');
  });
});
