import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ChaosNode, expectNothingBroken, lostOf, openChaosNode, report, startTraffic } from '../helpers/chaos.js';
import { lackOfPostgresServer, type PostgresServer, startPostgresServer } from '../helpers/postgresServer.js';

const redisUrl = inject('redisUrl');
const lack = lackOfPostgresServer() ?? (redisUrl === null ? 'no Redis was found' : null);

describe.skipIf(lack !== null)(`PostgreSQL restarted ${lack ?? ''}`, () => {
  let server: PostgresServer;
  let node: ChaosNode;
  beforeAll(async () => {
    server = await startPostgresServer();
    node = await openChaosNode({ DATABASE_URL: server.url, REDIS_URL: redisUrl ?? '' });
  });
  afterAll(async () => {
    await node?.dispose();
    await server?.stop();
  });

  it('lists go on, feedback is refused by name, nothing acknowledged is lost, and it heals by itself', async () => {
    const traffic = startTraffic(node);
    await traffic.well();
    await server.kill();
    await expect.poll(() => traffic.seen.filter(({ code }) => code === 'TIMEOUT').length).toBeGreaterThan(3);
    const before = traffic.seen.filter(({ operation }) => operation === 'list').length;
    await expect
      .poll(() => traffic.seen.filter(({ operation }) => operation === 'list').length)
      .toBeGreaterThan(before + 10);
    expect(await node.health()).toBe('unhealthy');
    expect(await node.health('/ready')).toBe('degraded');
    await server.restart();
    const recovery = await traffic.well();
    await expect.poll(() => node.health()).toBe('healthy');
    await traffic.stop();

    expectNothingBroken(traffic.seen);
    expect(await lostOf(server.url, traffic.acknowledged)).toEqual([]);
    report('PostgreSQL killed and started again', traffic, recovery);
  });
});
