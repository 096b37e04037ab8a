import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/limits/address.js';
import { createGate } from '../../../src/limits/gate.js';
import type { Limited } from '../../../src/limits/limits.js';
import { countDecisions } from '../../../src/server/admissionMetrics.js';
import { createMemoryRateLimiter } from '../../../src/store/memory/rateLimiter.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';

const rates = {
  recommendations: 2,
  feedback: 5,
  search: 5,
  posts: 5,
  address: 10,
  cost: 100,
  service: 50,
  serviceCost: 1_000,
};
const person = { name: 'default:user:a', identity: { role: 'user' as const }, rates: {} };
const charges = (...entries: readonly (readonly [Limited, number])[]) => new Map(entries);

describe('the gate', () => {
  it('asks for everything at once', async () => {
    const asked: string[] = [];
    let answer = () => {};
    const open = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const limiter = createMemoryRateLimiter({ clock: () => 0 });
    const gate = createGate({
      rateLimiter: {
        ...limiter,
        async take(name, ...rest) {
          asked.push(name);
          await open;
          return limiter.take(name, ...rest);
        },
      },
      rates,
      clock: () => 0,
    });
    const admitted = gate.admit({ caller: person, address: 'x' }, charges(['recommendations', 1], ['cost', 30]));
    expect(asked).toEqual(['recommendations', 'cost', 'address']);
    answer();
    expect(await admitted).toMatchObject({
      standing: { limit: 2, remaining: 1 },
      cost: { remaining: 70 },
      refusal: null,
    });
  });

  it('speaks of the limit that refuses longest', async () => {
    const limiter = createMemoryRateLimiter({ clock: () => 0 });
    const gate = createGate({ rateLimiter: limiter, rates, clock: () => 0 });
    const ask = () => gate.admit({ caller: person, address: 'x' }, charges(['feedback', 1], ['cost', 60]));
    expect((await ask()).refusal).toBeNull();
    expect(await ask()).toMatchObject({ standing: { limit: 100, remaining: 40 }, refusal: { code: 'RATE_LIMITED' } });
  });

  it('says in a metric who decided', async () => {
    const metrics = createMetrics();
    const onDecision = countDecisions(metrics.meter);
    const limiter = createMemoryRateLimiter({ clock: () => 0 });
    const away = {
      ...limiter,
      take: async (...given: Parameters<typeof limiter.take>) => ({ ...(await limiter.take(...given)), local: true }),
    };
    const visitor = {
      caller: { ...person, identity: { role: 'service' as const }, rates: { recommendations: 1 } },
      address: 'x',
    };
    await createGate({ rateLimiter: limiter, rates, clock: () => 0, onDecision }).admit(
      visitor,
      charges(['recommendations', 1]),
    );
    await createGate({ rateLimiter: away, rates, clock: () => 0, onDecision }).admit(
      visitor,
      charges(['recommendations', 1]),
    );
    const { text } = await metrics.expose();
    expect(text).toContain('curio_limit_decisions_total{limit="recommendations",decision="allowed",local="false"} 1');
    expect(text).toContain('curio_limit_decisions_total{limit="recommendations",decision="refused",local="true"} 1');
  });
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::1', '0:0:0:0::/64'],
  ['2001:DB8:0:1:ffff::9', '2001:db8:0:1::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('takes %s for %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
