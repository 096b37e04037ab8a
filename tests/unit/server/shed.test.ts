import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLoad, LOOK_MS, type Load } from '../../../src/resilience/load.js';
import { startServer, type TestServer } from '../../helpers/server.js';

const QUERY = '{ recommendations(first: 3) { degraded recommendations { position } } }';
const KEY = 'a-key-to-scrape-with';
let now: number;
let active: number;
let load: Load;
let server: TestServer;
beforeEach(async () => {
  now = 0;
  active = 0;
  // A millisecond a request.
  load = createLoad(
    () => now,
    () => active,
  );
  load.look();
  server = await startServer({ load, env: { CURIO_METRICS_KEY: KEY } });
});
afterEach(() => server.close());

const late = (ms: number) => {
  now = LOOK_MS + ms;
};
const under = (requests: number) => Array.from({ length: requests }, () => load.begin());
const ask = async (role: 'user' | 'admin') => server.gql(QUERY, {}, await server.token('user-1', role));

describe('shedding load', () => {
  it('refuses users when full, with a time to come back; admins still pass', async () => {
    under(61);
    late(100);
    const refused = await ask('user');
    expect(refused.status).toBe(429);
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(server.received.recommend).toEqual([]);
    expect((await ask('admin')).data?.recommendations.recommendations).toHaveLength(3);
  });

  it('when flooded refuses admins too, and still says how it is', async () => {
    const ends = under(121);
    late(250);
    expect((await ask('admin')).status).toBe(429);
    // Before a token is looked at.
    expect((await server.gql(QUERY, {}, 'not a token')).status).toBe(429);
    for (const path of ['/v1/health/live', '/v1/health/ready', '/v1/health']) {
      expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    }
    const metrics = await fetch(`${server.url}/v1/metrics`, { headers: { authorization: `Bearer ${KEY}` } });
    const text = await metrics.text();
    expect(text).toContain('curio_load_level 3');
    expect(text).toContain('curio_event_loop_delay_seconds 0.25');
    expect(text).toContain('curio_shed_total{level="flooded"} 2');
    for (const end of ends) end();
    expect((await ask('user')).status).toBe(200);
  });

  it('counts requests only while they are under way', async () => {
    late(30);
    for (let n = 0; n < 30; n++) await ask('user');
    expect(load.level).toBe('calm');
    const [end] = under(1);
    active = 30;
    load.look();
    let resume = () => {};
    server.pause = new Promise((resolve) => {
      resume = resolve;
    });
    const asked = Array.from({ length: 30 }, () => ask('user'));
    await expect.poll(() => load.level).toBe('busy');
    resume();
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(asked.map(() => 200));
    end?.();
    await expect.poll(() => load.level).toBe('calm');
  });
});
