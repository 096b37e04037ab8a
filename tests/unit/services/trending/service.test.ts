import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../../src/domain/clock.js';
import type { OpenServices } from '../../../../src/services/create.js';
import { ADDRESS_PLACES } from '../../../../src/services/trending/tally.js';
import type { TrendingRequest } from '../../../../src/services/trending/types.js';
import type { Counters } from '../../../../src/store/ports/counters.js';
import { StoreAway } from '../../../../src/store/ports/storeAway.js';
import { ruleDraft } from '../../../helpers/rules.js';
import { createWorld, NO_FILTER, TENANT, type World } from '../../../helpers/services.js';

let world: World;
let services: OpenServices;
beforeEach(() => {
  world = createWorld();
  services = world.services;
});

const like = (userId: string, itemId: string, address: string | null = null) =>
  services.feedback.send(TENANT, { userId, action: 'LIKE', target: { itemId } }, address);
/** So many different people. */
const crowd = async (itemId: string, people: number, name = 'p') => {
  for (let person = 0; person < people; person++) await like(`${name}-${person}`, itemId);
};
const ask = async (parts: Partial<TrendingRequest> = {}) => {
  const list = (await services.trending.list({ tenant: TENANT, window: 'HOUR', filter: null, first: 10, ...parts }))
    .items;
  return list.map(({ item }) => item.id);
};

describe('trending', () => {
  it('lists what several people take to, with rank and change, and not two clicks on something new', async () => {
    await crowd('horror-001', 12);
    await crowd('comedy-001', 2);
    const list = (await services.trending.list({ tenant: TENANT, window: 'HOUR', filter: null, first: 10 })).items;
    expect(list.map(({ item, rank }) => [item.id, rank])).toEqual([['horror-001', 1]]);
    expect(list[0]?.change).toBeCloseTo(12, 6);
    expect(list[0]?.score).toBeGreaterThan(1);
  });

  it('lists what rises, not what is big', async () => {
    for (let quarter = 0; quarter < 200; quarter++) {
      await crowd('horror-000', 10, `quarter-${quarter}`);
      if (quarter % 4 === 0) await crowd('horror-001', 2, `few-${quarter}`);
      world.now += 15 * MINUTE_MS;
    }
    await crowd('horror-000', 10, 'now');
    await crowd('horror-001', 15, 'now');
    expect(await ask()).toEqual(['horror-001']);
    world.now += 4 * HOUR_MS;
    expect(await ask()).toEqual([]);
  });

  it('counts a person once, however often they come and whatever they do', async () => {
    for (let click = 0; click < 1_000; click++) await like('ann', 'horror-001');
    for (const action of ['VIEW', 'SAVE', 'SHARE'] as const) {
      await services.feedback.send(TENANT, { userId: 'ann', action, target: { itemId: 'horror-001' } });
    }
    // Times of one's own choosing do not help.
    for (let click = 1; click < 100; click++) {
      const occurredAt = new Date(world.now - (click % 2) * HOUR_MS);
      await services.feedback.send(TENANT, {
        userId: 'ann',
        action: 'LIKE',
        target: { itemId: 'horror-001' },
        occurredAt,
      });
    }
    await crowd('comedy-001', 4);
    expect(await ask()).toEqual(['comedy-001']);
    expect(await ask({ window: 'WEEK' })).toEqual(['comedy-001']);
  });

  it('bounds what one address counts for', async () => {
    for (let person = 0; person < 300; person++) await like(`bot-${person}`, 'horror-001', '203.0.113.7');
    await crowd('comedy-001', ADDRESS_PLACES + 4);
    expect(await ask()).toEqual(['comedy-001', 'horror-001']);
    const [, bots] = (await services.trending.list({ tenant: TENANT, window: 'HOUR', filter: null, first: 2 })).items;
    expect(bots?.change).toBeLessThanOrEqual(ADDRESS_PLACES);
  });

  it('counts only what speaks for an item', async () => {
    for (let person = 0; person < 10; person++) {
      for (const action of ['SKIP', 'HIDE', 'REPORT', 'DISLIKE'] as const) {
        await services.feedback.send(TENANT, { userId: `p-${person}`, action, target: { itemId: 'horror-001' } });
      }
    }
    expect(await ask()).toEqual([]);
  });

  it('has windows of their own', async () => {
    await crowd('horror-001', 10);
    world.now += 50 * MINUTE_MS;
    await crowd('comedy-001', 10);
    expect(await ask({ window: 'MINUTES_15' })).toEqual(['comedy-001']);
    expect(await ask({ window: 'HOUR' })).toEqual(['comedy-001', 'horror-001']);
    world.now += 20 * HOUR_MS;
    expect(await ask({ window: 'HOUR' })).toEqual([]);
    expect((await ask({ window: 'DAY' })).sort()).toEqual(['comedy-001', 'horror-001']);
    expect((await ask({ window: 'WEEK' })).sort()).toEqual(['comedy-001', 'horror-001']);
  });

  it('obeys the filter, hidden items and exclusions', async () => {
    await crowd('horror-001', 6);
    await crowd('comedy-001', 5);
    await crowd('comedy-002', 4);
    expect(await ask({ filter: { ...NO_FILTER, category: ['comedy'] } })).toEqual(['comedy-001', 'comedy-002']);
    expect(await ask({ filter: { ...NO_FILTER, minPopularity: 5 } })).toEqual(['horror-001', 'comedy-001']);
    expect(await ask({ first: 1 })).toEqual(['horror-001']);
    await services.catalog.hideItem(TENANT, 'horror-001');
    expect(await ask()).toEqual(['comedy-001', 'comedy-002']);
    const rule = await services.rules.upsert(TENANT, ruleDraft('comedy-001'));
    expect(await ask()).toEqual(['comedy-002']);
    await services.rules.delete(TENANT, rule.id);
    expect(await ask()).toEqual(['comedy-001', 'comedy-002']);
  });

  it('keeps tenants apart', async () => {
    await crowd('horror-001', 6);
    expect((await services.trending.list({ tenant: 'other', window: 'HOUR', filter: null, first: 10 })).items).toEqual(
      [],
    );
  });

  it('counts the log anew when the counts are gone, each person once', async () => {
    await crowd('horror-001', 6);
    for (let click = 0; click < 50; click++) await like('ann', 'comedy-001');
    const before = (await services.trending.list({ tenant: TENANT, window: 'DAY', filter: null, first: 10 })).items;
    const restarted = createWorld(world.planted);
    restarted.stores.eventLog.scan = world.stores.eventLog.scan;
    const after = (await restarted.services.trending.list({ tenant: TENANT, window: 'DAY', filter: null, first: 10 }))
      .items;
    expect(after.map(({ item, score }) => [item.id, score])).toEqual(before.map(({ item, score }) => [item.id, score]));
  });

  it('serves nothing rather than failing while the counts are away, and counts what was missed', async () => {
    const away = { state: false };
    const { counters } = world;
    const here = () => (away.state ? Promise.reject(new StoreAway('away')) : Promise.resolve());
    const flaky: Counters = {
      ...counters,
      add: (...args) => here().then(() => counters.add(...args)),
      top: (...args) => here().then(() => counters.top(...args)),
      get: (...args) => here().then(() => counters.get(...args)),
    };
    services = world.node({ counters: flaky });
    away.state = true;
    await crowd('horror-001', 6);
    expect(await ask()).toEqual([]);
    away.state = false;
    world.now += 10_000;
    await expect.poll(() => ask()).toEqual(['horror-001']);
  });

  it('tells only noisy counts where privacy is asked for', async () => {
    services = world.node({ dpEpsilon: 100 });
    await crowd('horror-001', 40);
    expect(await ask()).toEqual(['horror-001']);
    const [first] = (await services.trending.list({ tenant: TENANT, window: 'HOUR', filter: null, first: 10 })).items;
    await crowd('horror-001', 40, 'more');
    // The release stands for a quarter of the window.
    world.now += 1;
    expect(
      (await services.trending.list({ tenant: TENANT, window: 'HOUR', filter: null, first: 10 })).items,
    ).toMatchObject([{ change: first?.change }]);
    services = world.node({ dpEpsilon: 0.1 });
    world.now += HOUR_MS;
    await crowd('comedy-001', 40);
    expect(await ask()).toEqual([]);
  });
});
