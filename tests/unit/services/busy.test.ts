import { beforeEach, describe, expect, it } from 'vitest';
import type { Cache } from '../../../src/store/ports/cache.js';
import { StoreAway } from '../../../src/store/ports/storeAway.js';
import { createWorld, request, type World } from '../../helpers/services.js';

let world: World;
let busy: boolean;
beforeEach(() => {
  world = createWorld();
  busy = false;
});

const node = (parts: { readonly deadlineMs?: number; readonly cache?: Cache } = {}) =>
  world.node({ isBusy: () => busy, ...parts }).recommendations;

describe('a service with too much to do', () => {
  it('answers what it has ranked, and what is popular where it has not', async () => {
    const recommendations = node();
    const ranked = await recommendations.recommend(request('u1'), world.lookup);
    expect(ranked).toMatchObject({ degraded: 'HEURISTIC_RANKER', cached: false });
    busy = true;
    expect(await recommendations.recommend(request('u1'), world.lookup)).toMatchObject({
      degraded: 'HEURISTIC_RANKER',
      cached: true,
    });
    const popular = await recommendations.recommend(request('u2'), world.lookup);
    expect(popular).toMatchObject({ degraded: 'POPULAR', cached: false });
    expect(popular.recommendations.length).toBeGreaterThan(0);
    busy = false;
    expect(await recommendations.recommend(request('u2'), world.lookup)).toMatchObject({
      degraded: 'HEURISTIC_RANKER',
      cached: false,
    });
  });

  it('asks the store once for what is popular, and remembers it while the store is away', async () => {
    let asked = 0;
    let away = false;
    const { entities } = world.stores;
    const read = entities.popularItems;
    entities.popularItems = async (tenant, limit) => {
      asked += 1;
      if (away) throw new StoreAway('away');
      return read(tenant, limit);
    };
    const recommendations = node();
    busy = true;
    for (const userId of ['a', 'b', 'c']) await recommendations.recommend(request(userId), world.lookup);
    expect(asked).toBe(1);
    world.now += 20_000;
    away = true;
    const list = await recommendations.recommend(request('d'), world.lookup);
    expect(asked).toBe(2);
    expect(list).toMatchObject({ degraded: 'POPULAR' });
  });
});

describe('what is popular', () => {
  it('is remembered behind an answer that did not need it, once a minute, and shown when the store is away', async () => {
    const asked: string[] = [];
    let away = false;
    const { entities, eventLog } = world.stores;
    const { popularItems, items } = entities;
    entities.popularItems = async (tenant, limit) => {
      asked.push('popular');
      if (away) throw new StoreAway('away');
      return popularItems(tenant, limit);
    };
    entities.items = async (tenant, ids) => {
      asked.push('items');
      return items(tenant, ids);
    };
    const recommendations = node();
    const lookup: typeof world.lookup = (ids) => items('acme', ids);
    for (const userId of ['a', 'b']) await recommendations.recommend(request(userId), lookup);
    await expect.poll(() => asked).toEqual(['popular', 'items']);
    world.now += 60_000;
    await recommendations.recommend(request('c'), lookup);
    await expect.poll(() => asked).toHaveLength(4);
    away = true;
    world.snapshot = null;
    eventLog.personEvents = async () => {
      throw new StoreAway('away');
    };
    expect(await recommendations.recommend(request('d'), lookup)).toMatchObject({ degraded: 'POPULAR' });
  });
});

describe('a list that cannot be made in time', () => {
  it('is a poorer one', async () => {
    const { eventLog } = world.stores;
    eventLog.personEvents = () => new Promise(() => {});
    const list = await node({ deadlineMs: 1_000 }).recommend(request('u1'), world.lookup);
    expect(list.degraded).toBe('POPULAR');
    expect(list.recommendations.length).toBeGreaterThan(0);
    expect(list.generationTimeMs).toBeLessThan(20_000);
  });
});
