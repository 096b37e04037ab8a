import { describe, expect, it } from 'vitest';
import { createHealth, type HealthParts } from '../../src/health.js';
import { plantSnapshot } from '../helpers/snapshot.js';

const row = { id: 'v1' };

function healthOf({ snapshot = true, deployed = true, pending = [[]] as string[][], ping = async () => {} } = {}) {
  const answers = [...pending];
  let looks = 0;
  const parts = {
    config: { defaultTenant: 'default' },
    postgres: {
      kind: 'postgresql' as const,
      ping,
      async pending() {
        looks += 1;
        return answers.shift() ?? [];
      },
      models: { deployed: async () => (deployed ? row : null) },
    },
    live: { kind: 'redis' as const, ping: async () => {} },
    registry: { current: () => (snapshot ? plantSnapshot().snapshot : null) },
    breakers: { states: () => new Map([['redis', 'half-open'] as const]) },
  } satisfies HealthParts;
  return { health: createHealth(parts), looks: () => looks };
}

describe('the health of an app', () => {
  it('names each dependency and how its breaker stands', async () => {
    const { health } = healthOf();
    expect(await health()).toEqual({
      database: { kind: 'postgresql', status: 'up' },
      migrations: { status: 'up' },
      live: { kind: 'redis', status: 'up', breaker: 'half-open' },
      model: { status: 'up', version: plantSnapshot().snapshot.version },
    });
  });

  it.each([
    ['deployed and not loaded', { deployed: true }, 'down'],
    ['never trained', { deployed: false }, 'absent'],
  ])('a model that is %s', async (_how, options, status) => {
    const { health } = healthOf({ snapshot: false, ...options });
    expect((await health()).model).toMatchObject({ status, version: null });
  });

  it('a database is migrated for good once it is', async () => {
    const { health, looks } = healthOf({ pending: [['a migration'], []] });
    expect((await health()).migrations).toEqual({ status: 'down' });
    expect((await health()).migrations).toEqual({ status: 'up' });
    expect((await health()).migrations).toEqual({ status: 'up' });
    expect(looks()).toBe(2);
  });

  it('what does not answer is down, and is not waited for', async () => {
    const { health } = healthOf({ ping: () => new Promise(() => {}) });
    expect((await health()).database).toMatchObject({ status: 'down' });
  });
});
