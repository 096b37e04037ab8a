import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ChaosNode, expectNothingBroken, lostOf, openChaosNode, report, startTraffic } from '../helpers/chaos.js';
import { createDatabase, type ThrowAwayDatabase } from '../helpers/postgres.js';
import { openWire, type Wire } from '../helpers/wire.js';

const redisUrl = inject('redisUrl');
const lack = inject('postgresLack') ?? (redisUrl === null ? 'no Redis was found' : null);

describe.skipIf(lack !== null)(
  `the network between a node and what it needs ${lack ?? ''}`,
  { timeout: 180_000 },
  () => {
    let database: ThrowAwayDatabase;
    let wires: { readonly PostgreSQL: Wire; readonly Redis: Wire };
    let node: ChaosNode;
    beforeAll(async () => {
      database = await createDatabase();
      const [direct, live] = [new URL(database.url), new URL(redisUrl ?? '')];
      wires = {
        PostgreSQL: await openWire(direct.hostname, Number(direct.port || 5432)),
        Redis: await openWire(live.hostname, Number(live.port || 6379)),
      };
      await Promise.all([wires.PostgreSQL.mend(), wires.Redis.mend()]);
      const through = (to: URL, { port }: Wire) => {
        const changed = new URL(to);
        changed.hostname = '127.0.0.1';
        changed.port = String(port);
        return changed.href;
      };
      node = await openChaosNode(
        { DATABASE_URL: through(direct, wires.PostgreSQL), REDIS_URL: through(live, wires.Redis) },
        { DATABASE_URL: database.url, REDIS_URL: redisUrl ?? '' },
      );
    });
    afterAll(async () => {
      await node?.dispose();
      await Promise.all([wires?.PostgreSQL.close(), wires?.Redis.close()]);
      await database?.drop();
    });

    const troubles = {
      cut: { begin: (wire: Wire) => wire.cut(), end: (wire: Wire) => wire.mend() },
      'silent, with every connection open': {
        begin: async (wire: Wire) => wire.hold(),
        end: async (wire: Wire) => wire.release(),
      },
      'reset in the middle of answers, again and again': {
        begin: (wire: Wire) => wire.resetEvery(40),
        end: (wire: Wire) => wire.mend(),
      },
      'half a second late': { begin: async (wire: Wire) => wire.delay(500), end: async (wire: Wire) => wire.delay(0) },
    } as const;
    const names = [
      'cut',
      'silent, with every connection open',
      'reset in the middle of answers, again and again',
      'half a second late',
    ] as const;
    const cases = (['PostgreSQL', 'Redis'] as const).flatMap((to) => names.map((how) => ({ to, how })));

    it.each(cases)('to $to is $how', async ({ to, how }) => {
      const { begin, end } = troubles[how];
      const traffic = startTraffic(node);
      await traffic.well();
      await begin(wires[to]);
      const before = traffic.seen.length;
      await new Promise((later) => setTimeout(later, 1_200));
      await expect.poll(() => traffic.seen.length).toBeGreaterThan(before);
      await end(wires[to]);
      const recovery = await traffic.well();
      await expect.poll(() => node.health()).toBe('healthy');
      await traffic.stop();

      expectNothingBroken(traffic.seen);
      expect(await lostOf(database.url, traffic.acknowledged)).toEqual([]);
      report(`The network to ${to} ${how}`, traffic, recovery);
    });
  },
);
