import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ChaosNode, expectNothingBroken, lostOf, openChaosNode, report, startTraffic } from '../helpers/chaos.js';
import { createDatabase, type ThrowAwayDatabase } from '../helpers/postgres.js';
import { lackOfRedisServer, type RedisServer, startRedisServer } from '../helpers/redisServer.js';

const lack = inject('postgresLack') ?? lackOfRedisServer();

describe.skipIf(lack !== null)(`Redis killed and emptied ${lack ?? ''}`, () => {
  let database: ThrowAwayDatabase;
  let redis: RedisServer;
  let node: ChaosNode;
  beforeAll(async () => {
    [database, redis] = await Promise.all([createDatabase(), startRedisServer()]);
    node = await openChaosNode({ DATABASE_URL: database.url, REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await node?.dispose();
    await redis?.dispose();
    await database?.drop();
  });

  it('no list and no feedback fails, and what it forgot is made again', async () => {
    const traffic = startTraffic(node);
    await traffic.well();
    // It keeps nothing on disk: killed is emptied.
    await redis.kill();
    await expect.poll(() => node.health()).toBe('unhealthy');
    const away = traffic.seen.length;
    await expect.poll(() => traffic.seen.length).toBeGreaterThan(away + 100);
    expect(await node.health('/ready')).toBe('degraded');
    await redis.restart();
    const recovery = await traffic.well();
    await expect.poll(() => node.health()).toBe('healthy');
    await traffic.stop();

    expectNothingBroken(traffic.seen);
    expect(traffic.seen.filter(({ operation, code }) => operation === 'feedback' && code !== null)).toEqual([]);
    expect(await lostOf(database.url, traffic.acknowledged)).toEqual([]);
    report('Redis killed, emptied and started again', traffic, recovery);
  });
});
