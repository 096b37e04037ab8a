import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/domain/clock.js';
import type { Log } from '../../src/domain/log.js';
import type { LiveStores } from '../../src/store/ports/liveStores.js';
import { StoreAway } from '../../src/store/ports/storeAway.js';
import { openRedis } from '../../src/store/redis/open.js';
import { patience } from '../helpers/patience.js';
import { lackOfRedisServer, type RedisServer, startRedisServer } from '../helpers/redisServer.js';

const lack = lackOfRedisServer();
const LONG = 60_000;
/** What a Redis that is there may take on a busy machine. */
const COMMAND_MS = 1_500;
const board = { name: 'trending', halfLifeMs: LONG };
const bucket = { capacity: 4, refill: 4, intervalMs: LONG };

function recordingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (first: object | string, message?: string) => {
    if (level !== 'debug') lines.push(`${level}: ${typeof first === 'string' ? first : message}`);
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Everything a caller may do, as often as `rounds` says; answers what each call came to. */
async function useEverything(stores: LiveStores, rounds: number) {
  const calls = Array.from({ length: rounds }, () => [
    stores.cache.get('key'),
    stores.cache.set('key', 'value', LONG),
    stores.cache.setIfAbsent('once', 'value', LONG),
    stores.counters.add(board, new Map([['a', 1]]), 0),
    stores.counters.top(board, 1, 0),
    stores.counters.get(board, ['a'], 0),
    stores.counters.remove(board, 'a'),
    stores.counters.clear(board),
    stores.pubSub.publish('channel', 'message'),
    stores.ping(),
  ]).flat();
  const outcomes = await Promise.allSettled(calls);
  return outcomes.slice(-10).map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason));
}

const away = expect.any(StoreAway);
const WHILE_AWAY = [null, undefined, away, away, away, away, away, away, undefined, away];

describe('redis away', () => {
  let server: RedisServer;
  let log: ReturnType<typeof recordingLog>;
  const opened: LiveStores[] = [];
  const open = async () => {
    const stores = await openRedis({
      url: server.url,
      prefix: 'test:',
      clock: systemClock,
      log,
      commandMs: COMMAND_MS,
    });
    opened.push(stores);
    return stores;
  };
  const healed = (stores: LiveStores) => vi.waitFor(() => stores.ping(), patience);

  beforeAll(async () => {
    if (lack === null) server = await startRedisServer();
  });
  beforeEach(({ skip }) => {
    skip(lack !== null, lack ?? undefined);
    log = recordingLog();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((stores) => stores.dispose()));
  });
  afterAll(async () => {
    await server?.dispose();
  });

  const outages = [
    { how: 'killed', begin: () => server.kill(), end: () => server.restart() },
    { how: 'frozen', begin: async () => server.freeze(), end: async () => server.thaw() },
  ];

  it.each(outages)('$how: every port does what it promises, says it once, and heals', async ({ begin, end }) => {
    const stores = await open();
    await stores.cache.set('key', 'before', LONG);
    expect(await stores.cache.get('key')).toBe('before');
    await begin();
    try {
      expect(await useEverything(stores, 5)).toEqual(WHILE_AWAY);
      expect(await useEverything(stores, 5)).toEqual(WHILE_AWAY);
      expect(log.lines).toEqual(['warn: Redis is away']);
    } finally {
      await end();
    }
    await healed(stores);
    await stores.cache.set('key', 'after', LONG);
    expect(await stores.cache.get('key')).toBe('after');
    await stores.counters.add(board, new Map([['healed', 1]]), 0);
    expect(await stores.counters.get(board, ['healed'], 0)).toEqual([1]);
    expect(log.lines).toEqual(['warn: Redis is away', 'info: Redis is back']);
  });

  it.each(outages)('$how: the rate limiter goes on in process with half the limit', async ({ begin, end, how }) => {
    const { rateLimiter, ...stores } = await open();
    const take = (caller: string, tokens = 1) => rateLimiter.take(how, caller, bucket, tokens);
    expect(await take('a')).toMatchObject({ allowed: true, limit: 4 });
    await begin();
    try {
      expect(await take('a')).toMatchObject({ allowed: true, limit: 2, remaining: 1, local: true });
      expect(await take('a')).toMatchObject({ allowed: true, remaining: 0 });
      expect(await take('a')).toMatchObject({ allowed: false, limit: 2 });
      // As much as the whole bucket at once is slowed, not locked out; more never passes, away or not.
      expect(await take('b', 4)).toMatchObject({ allowed: true, remaining: 0 });
      expect(await take('c', 5)).toMatchObject({ allowed: false });
    } finally {
      await end();
    }
    await vi.waitFor(() => stores.ping(), patience);
    expect(await take('d')).toMatchObject({ allowed: true, limit: 4, local: false });
  });

  it('what was deleted or replaced while away does not come back', async () => {
    const stores = await open();
    const other = await open();
    await stores.cache.set('stale', 'value', LONG);
    await stores.cache.set('replaced', 'old', LONG);
    await stores.cache.set('rewritten', 'old', LONG);
    server.freeze();
    try {
      await stores.cache.delete('stale');
      await stores.cache.delete('rewritten');
      await stores.cache.set('replaced', 'dropped', LONG);
      expect(await stores.cache.get('replaced')).toBeNull();
      expect(await stores.cache.get('stale')).toBeNull();
    } finally {
      server.thaw();
    }
    await healed(stores);
    await healed(other);
    expect(await stores.cache.get('stale')).toBeNull();
    expect(await other.cache.get('stale')).toBeNull();
    expect(await other.cache.get('replaced')).not.toBe('old');
    await stores.cache.set('rewritten', 'new', LONG);
    expect(await other.cache.get('rewritten')).toBe('new');
  });

  it.each(outages)(
    '$how: subscriptions take hold again, and own listeners never stop hearing',
    async ({ begin, end }) => {
      const [here, there] = [await open(), await open()];
      const heardHere: string[] = [];
      const heardThere: string[] = [];
      await here.pubSub.subscribe('news', (message) => heardHere.push(message));
      await there.pubSub.subscribe('news', (message) => heardThere.push(message));
      await begin();
      try {
        await here.pubSub.publish('news', 'while away');
        await vi.waitFor(() => expect(heardHere).toEqual(['while away']), patience);
        // Begun during the outage, it must take hold as well.
        await there.pubSub.subscribe('more news', (message) => heardThere.push(message));
      } finally {
        await end();
      }
      await vi.waitFor(async () => {
        await here.pubSub.publish('news', 'again');
        await here.pubSub.publish('more news', 'more');
        expect(heardThere).toContain('again');
        expect(heardThere).toContain('more');
      }, patience);
    },
  );

  it('opens without Redis, and finds it when it comes', async () => {
    await server.kill();
    let stores: LiveStores;
    try {
      stores = await open();
      await expect(stores.ping()).rejects.toThrow(StoreAway);
      expect(await stores.cache.get('key')).toBeNull();
    } finally {
      await server.restart();
    }
    await healed(stores);
    await stores.cache.set('key', 'value', LONG);
    expect(await stores.cache.get('key')).toBe('value');
  });

  it('a flushed script cache is no outage', async () => {
    const stores = await open();
    const admin = new Redis(server.url);
    await stores.counters.add(board, new Map([['flushed', 1]]), 0);
    await stores.rateLimiter.take('flush', 'a', bucket);
    await admin.script('FLUSH');
    await stores.counters.add(board, new Map([['flushed', 1]]), 0);
    expect(await stores.counters.get(board, ['flushed'], 0)).toEqual([2]);
    expect(await stores.rateLimiter.take('flush', 'a', bucket)).toMatchObject({ limit: 4, remaining: 2 });
    await admin.quit();
    expect(log.lines).toEqual([]);
  });

  it('a command that Redis refuses is no outage, and is said', async () => {
    const stores = await open();
    const admin = new Redis(server.url);
    await admin.lpush('test:cache:list', 'not a string');
    await admin.quit();
    expect(await stores.cache.get('list')).toBeNull();
    expect(await stores.cache.get('list')).toBeNull();
    await stores.ping();
    expect(log.lines).toEqual(['error: Redis refused a command (said at most once a minute)']);
  });

  it.each(outages)('$how: dispose ends, twice too, and leaves no connection', async ({ begin, end }) => {
    await vi.waitFor(() => expect(connections()).toBe(0), patience);
    const stores = await openRedis({
      url: server.url,
      prefix: 'test:',
      clock: systemClock,
      log,
      commandMs: COMMAND_MS,
    });
    expect(connections()).toBe(2);
    await begin();
    try {
      await stores.dispose();
      await stores.dispose();
      await expect(stores.ping()).rejects.toThrow(StoreAway);
    } finally {
      await end();
    }
    await vi.waitFor(() => expect(connections()).toBe(0), patience);
  });
});

function connections(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'TCPWRAP').length;
}
