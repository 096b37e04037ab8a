import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../../src/domain/actions.js';
import { HOUR_MS, MINUTE_MS } from '../../../src/domain/clock.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { openSegments } from '../../../src/registry/parts/segments.js';
import type { Services } from '../../../src/services/services.js';
import { createWorld, NO_FILTER, request, TENANT, type World } from '../../helpers/services.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const act = (userId: string, action: Action, itemId: string, services: Services = world.services) =>
  services.feedback.send(TENANT, { userId, action, target: { itemId } });

const recommend = (userId: string, parts = {}, services: Services = world.services) =>
  services.recommendations.recommend(request(userId, parts), world.lookup);

const idsOf = (list: { readonly recommendations: readonly { readonly item: { readonly id: string } }[] }) =>
  list.recommendations.map(({ item }) => item.id);

const share = (ids: readonly string[], group: string) => ids.filter((id) => id.startsWith(group)).length / ids.length;

describe('a list', () => {
  it('is near what the person liked, says so, and leaves out what they acted on', async () => {
    for (const id of ['horror-003', 'horror-004', 'horror-005']) await act('ann', 'LIKE', id);
    const list = await recommend('ann', { diversity: 0 });
    expect(share(idsOf(list), 'horror')).toBe(1);
    expect(idsOf(list)).not.toContain('horror-003');
    expect(list.degraded).toBe('HEURISTIC_RANKER');
    expect(list.algorithmVersion).toBe('v1');
    expect(list.recommendations.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const top = list.recommendations[0];
    expect(top?.reason).toMatch(/^Because you liked horror no\. \d$/);
    const explanation = await top?.explain();
    expect(explanation?.sources.map(({ source }) => source)).toContain('neighbours');
    expect(explanation?.features.length).toBeGreaterThan(0);
  });

  it('knows of a feedback in the very next answer, though the last was kept', async () => {
    const first = await recommend('ann');
    expect((await recommend('ann')).cached).toBe(true);
    const [gone = ''] = idsOf(first);
    await act('ann', 'SKIP', gone);
    const second = await recommend('ann');
    expect(second.cached).toBe(false);
    expect(idsOf(second)).not.toContain(gone);
  });

  it.each(['VIEW', 'LIKE', 'SKIP', 'DISLIKE', 'SAVE'] as const)(
    'brings back after %s when seen items are wanted',
    async (action) => {
      await act('ann', action, 'comedy-000');
      expect(idsOf(await recommend('ann', { first: 100 }))).not.toContain('comedy-000');
      expect(idsOf(await recommend('ann', { first: 100, excludeSeen: false }))).toContain('comedy-000');
    },
  );

  it.each(['HIDE', 'REPORT'] as const)('never brings back after %s', async (action) => {
    await act('ann', action, 'comedy-000');
    await act('ann', 'LIKE', 'comedy-000');
    expect(idsOf(await recommend('ann', { first: 100, excludeSeen: false }))).not.toContain('comedy-000');
  });

  it('loses a hidden item at once, though the snapshot and the cache still have it, and fills its place', async () => {
    const before = await recommend('ann');
    const gone = idsOf(before).slice(0, 5);
    for (const id of gone) await world.services.catalog.hideItem(TENANT, id);
    const after = await recommend('ann');
    expect(after.cached).toBe(true);
    expect(idsOf(after)).toHaveLength(10);
    for (const id of gone) expect(idsOf(after)).not.toContain(id);
    expect(after.recommendations.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('takes one lookup, and two when many places must be filled', async () => {
    const before = await recommend('ann');
    expect(world.lookups).toHaveLength(1);
    for (const id of idsOf(before)) await world.services.catalog.hideItem(TENANT, id);
    world.lookups.length = 0;
    expect(idsOf(await recommend('ann'))).toHaveLength(10);
    expect(world.lookups).toHaveLength(2);
  });

  it('obeys the filter, and excluded ids', async () => {
    const filter = { ...NO_FILTER, category: ['comedy'], tagsAny: ['EVEN'], notIds: ['comedy-000'] };
    const list = await recommend('ann', { filter, first: 100, excludeIds: ['comedy-002'] });
    expect(idsOf(list).sort()).toEqual(
      [4, 6, 8, 10, 12, 14, 16, 18].map((place) => `comedy-${String(place).padStart(3, '0')}`),
    );
    expect(list.totalCount).toBe(8);
  });

  it('is diverse for a stranger', async () => {
    const ids = idsOf(await recommend('nobody has heard of me', { first: 9 }));
    for (const group of ['horror', 'comedy', 'family']) expect(share(ids, group)).toBeGreaterThanOrEqual(2 / 9);
  });

  it('shows a stranger what they said they like, from the moment they say it', async () => {
    const before = await recommend('new here', { first: 9, diversity: 0 });
    expect(share(idsOf(before), 'family')).toBeLessThan(0.5);
    await world.services.catalog.upsertUsers(TENANT, [{ id: 'new here', name: 'New', interests: ['Family'] }]);
    const after = await recommend('new here', { first: 9, diversity: 0 });
    expect(share(idsOf(after), 'family')).toBe(1);
    expect(after.recommendations[0]?.reason).toBe('It fits what you said you like');
  });

  it('suits the moment that the caller describes', async () => {
    const column = world.planted.snapshot.items.indexOf('comedy-019');
    const row = { offsets: Int32Array.of(0, 1), indices: Int32Array.of(column), values: Float32Array.of(3) };
    const none = { offsets: new Int32Array(2), indices: new Int32Array(0), values: new Float32Array(0) };
    const segments = openSegments({ kinds: ['faces'], values: ['2'], categories: none, items: row });
    world.snapshot = { ...world.planted.snapshot, segments };
    const placeIn = async (context: JsonObject | null) =>
      idsOf(await recommend('nobody', { first: 100, diversity: 0, context })).indexOf('comedy-019');
    const alone = await placeIn({ cameraFeatures: { facesDetected: 1 } });
    expect(await placeIn({ cameraFeatures: { facesDetected: 2 } })).toBeLessThan(alone);
    expect(await placeIn(null)).toBe(alone);
  });

  it('lifts for a stranger what others like now', async () => {
    const before = idsOf(await recommend('stranger one', { first: 100, diversity: 0 }));
    for (let n = 0; n < 20; n++) await act(`fan ${n}`, 'SAVE', 'family-015');
    world.now += 1_000;
    const after = await recommend('stranger two', { first: 100, diversity: 0 });
    expect(idsOf(after).indexOf('family-015')).toBeLessThan(before.indexOf('family-015'));
    const lifted = after.recommendations.find(({ item }) => item.id === 'family-015');
    expect(lifted?.reason).toBe('Rising right now');
    expect((await lifted?.explain())?.rules[0]).toMatch(/^rising now: score 0\.\d+ to 0\.\d+$/);
    world.now += 48 * HOUR_MS;
    expect(idsOf(await recommend('stranger three', { first: 100, diversity: 0 }))).toEqual(before);
  });

  it('survives items upserted after the snapshot and events on them', async () => {
    await world.services.catalog.upsertItems(TENANT, [{ id: 'brand-new', kind: 'film', title: 'Brand new' }]);
    await act('ann', 'LIKE', 'brand-new');
    const list = await recommend('ann');
    expect(idsOf(list)).toHaveLength(10);
    expect(list.degraded).toBe('HEURISTIC_RANKER');
  });
});

describe('the same request id', () => {
  it('answers the same list for ten minutes, whatever happened in between', async () => {
    const first = await recommend('ann', { requestId: 'r1' });
    await act('ann', 'LIKE', 'horror-000');
    await act('ann', 'SKIP', idsOf(first)[0] ?? '');
    const second = await recommend('ann', { requestId: 'r1' });
    expect(second.cached).toBe(true);
    expect(idsOf(second)).toEqual(idsOf(first));
    expect(second.recommendations.map(({ reason }) => reason)).toEqual(
      first.recommendations.map(({ reason }) => reason),
    );
    expect(idsOf(await recommend('ann', { requestId: 'r2' }))).not.toEqual(idsOf(first));
    expect(idsOf(await recommend('bob', { requestId: 'r1' }))).not.toEqual([]);
    world.now += 11 * MINUTE_MS;
    expect(idsOf(await recommend('ann', { requestId: 'r1' }))).not.toContain(idsOf(first)[0]);
  });

  it('gives one list to two callers at once', async () => {
    const [one, two] = await Promise.all([
      recommend('ann', { requestId: 'r1' }),
      recommend('ann', { requestId: 'r1', diversity: 1 }),
    ]);
    expect(idsOf(one)).toEqual(idsOf(two));
  });

  it('still leaves out what was hidden since, by the person or for everyone', async () => {
    const first = idsOf(await recommend('ann', { requestId: 'r1' }));
    await act('ann', 'REPORT', first[0] ?? '');
    await world.services.catalog.hideItem(TENANT, first[1] ?? '');
    expect(idsOf(await recommend('ann', { requestId: 'r1' }))).toEqual(first.slice(2));
  });

  it('is forgotten with the person', async () => {
    await act('ann', 'LIKE', 'horror-000');
    const first = idsOf(await recommend('ann', { requestId: 'r1', diversity: 0 }));
    expect(await world.services.catalog.eraseUser(TENANT, 'ann')).toBe(true);
    const after = await recommend('ann', { requestId: 'r1', diversity: 0 });
    expect(after.cached).toBe(false);
    expect(idsOf(after)).not.toEqual(first);
    expect(idsOf(after)).toContain('horror-000');
  });

  it('is logged once', async () => {
    await recommend('ann', { requestId: 'r1', sessionId: 's' });
    await recommend('ann', { requestId: 'r1' });
    await recommend('ann');
    await turn();
    expect(world.stores.shown.map(({ requestId }) => requestId)).toEqual(['r1', expect.stringMatching(/^id-/)]);
    expect(world.stores.shown[0]).toMatchObject({ sessionId: 's', userId: 'ann', modelVersion: 'v1', variant: null });
    expect(world.stores.shown[0]?.propensities).toEqual(Array(10).fill(1));
  });
});

describe('the cache', () => {
  it('keeps lists apart by what shapes them', async () => {
    await recommend('ann');
    expect((await recommend('ann', { first: 9 })).cached).toBe(false);
    expect((await recommend('ann', { diversity: 0.9 })).cached).toBe(false);
    expect((await recommend('ann', { context: { device: 'phone' } })).cached).toBe(false);
    expect((await recommend('bob')).cached).toBe(false);
    expect((await recommend('ann')).cached).toBe(true);
    world.snapshot = plantSnapshot({ version: 'v2' }).snapshot;
    expect(await recommend('ann')).toMatchObject({ cached: false, algorithmVersion: 'v2' });
  });

  it('is emptied for a person by a refresh', async () => {
    await recommend('ann');
    await world.services.recommendations.refresh(TENANT, 'ann');
    expect((await recommend('ann')).cached).toBe(false);
  });

  it('ends after ten minutes', async () => {
    await recommend('ann');
    world.now += 10 * MINUTE_MS + 1;
    expect((await recommend('ann')).cached).toBe(false);
  });

  it('computes equal concurrent requests once', async () => {
    const lists = await Promise.all(Array.from({ length: 20 }, () => recommend('ann')));
    expect(new Set(lists.map((list) => JSON.stringify(idsOf(list)))).size).toBe(1);
    expect(world.stores.reads).toEqual([['ann']]);
  });
});

describe('two nodes on one cache', () => {
  it('both know of a feedback at once', async () => {
    const other = world.node();
    const before = idsOf(await recommend('ann', {}, other));
    expect((await recommend('ann', {}, other)).cached).toBe(true);
    await act('ann', 'DISLIKE', before[0] ?? '', world.services);
    const after = await recommend('ann', {}, other);
    expect(after.cached).toBe(false);
    expect(idsOf(after)).not.toContain(before[0]);
    expect(idsOf(await recommend('ann'))).toEqual(idsOf(after));
  });

  it('share their lists', async () => {
    await recommend('ann');
    expect((await recommend('ann', {}, world.node())).cached).toBe(true);
  });
});

describe('the ladder', () => {
  it('falls to what is popular without a model, filtered and without what was seen', async () => {
    world.snapshot = null;
    for (const user of ['a', 'b', 'c']) await act(user, 'LIKE', 'family-007');
    await act('a', 'LIKE', 'family-008');
    const list = await recommend('ann', { filter: { ...NO_FILTER, category: ['family'] }, first: 3 });
    expect(list).toMatchObject({ degraded: 'POPULAR', algorithmVersion: 'none', cached: false, totalCount: 20 });
    expect(idsOf(list).slice(0, 2)).toEqual(['family-007', 'family-008']);
    expect(idsOf(await recommend('a', { first: 50 }))).not.toContain('family-007');
    const popularOnly = await recommend('ann', { filter: { ...NO_FILTER, minPopularity: 2 } });
    expect(idsOf(popularOnly)).toEqual(['family-007']);
  });

  it('ends with an empty list', async () => {
    const nothing = { filter: { ...NO_FILTER, category: ['no such category'] } };
    expect(await recommend('ann', nothing)).toMatchObject({ degraded: 'EMPTY', recommendations: [], totalCount: 0 });
    world.snapshot = null;
    expect(await recommend('ann', nothing)).toMatchObject({ degraded: 'EMPTY', algorithmVersion: 'none' });
  });

  it('uses the learned ranker where there is one, and the formula when that fails', async () => {
    let broken = false;
    const ranker = {
      features: ['freshness'],
      async score(matrix: Float32Array, rows: number) {
        if (broken) throw new Error('the session is gone');
        return matrix.slice(0, rows);
      },
    };
    world.snapshot = plantSnapshot({ ranker }).snapshot;
    const fresh = await recommend('ann', { diversity: 0 });
    expect(fresh.degraded).toBe('NONE');
    expect(idsOf(fresh)[0]).toMatch(/-000$/);
    expect(fresh.recommendations[0]?.reason).toBe('It is new');
    broken = true;
    expect(await recommend('bob')).toMatchObject({ degraded: 'HEURISTIC_RANKER', cached: false });
    expect((await recommend('bob')).cached).toBe(false);
    broken = false;
    expect(await recommend('bob')).toMatchObject({ degraded: 'NONE', cached: false });
  });

  it('serves a person as a stranger while the log cannot be read, says so, and heals', async () => {
    await act('ann', 'LIKE', 'horror-000');
    world.stores.failing = true;
    const poor = await recommend('ann');
    expect(poor.degraded).toBe('POPULAR');
    expect(idsOf(poor)).toHaveLength(10);
    world.stores.failing = false;
    expect(await recommend('ann')).toMatchObject({ degraded: 'HEURISTIC_RANKER', cached: false });
  });

  it('stays whole when the live counters are away, but keeps no such list', async () => {
    const away = async (): Promise<never> => {
      throw new Error('the counters are away');
    };
    const services = world.node({ counters: { ...world.counters, top: away, add: away } });
    await act('ann', 'LIKE', 'horror-000', services);
    expect((await recommend('ann', {}, services)).degraded).toBe('HEURISTIC_RANKER');
    expect((await recommend('ann', {}, services)).cached).toBe(false);
  });

  it('answers an empty list rather than an error when no item can be looked up', async () => {
    const list = await world.services.recommendations.recommend(request('ann'), async () => {
      throw new Error('the store is away');
    });
    expect(list).toMatchObject({ degraded: 'EMPTY', recommendations: [] });
  });
});

describe('similar items', () => {
  it('are of the same kind of thing, without the item itself, with scores from 0 to 1', async () => {
    const [list = []] = await world.services.recommendations.similarItems(
      TENANT,
      ['horror-004'],
      10,
      null,
      world.lookup,
    );
    expect(list).toHaveLength(10);
    expect(list.every(({ item }) => item.category === 'horror' && item.id !== 'horror-004')).toBe(true);
    const scores = list.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
    expect(list[0]?.reason).toMatch(/^(Often liked together|Shares tags: .+|Liked by the same people)$/);
  });

  it('come for many items in one lookup, in order, empty for an unknown one', async () => {
    const ids = ['comedy-001', 'nobody knows', 'family-001'];
    const lists = await world.services.recommendations.similarItems(TENANT, ids, 3, null, world.lookup);
    expect(lists.map((list) => list.map(({ item }) => item.category))).toEqual([
      Array(3).fill('comedy'),
      [],
      Array(3).fill('family'),
    ]);
    expect(world.lookups).toHaveLength(1);
  });

  it('obey the filter and lose hidden items at once', async () => {
    const similar = async (filter = {}) => {
      const { recommendations } = world.services;
      const [list = []] = await recommendations.similarItems(
        TENANT,
        ['horror-004'],
        5,
        { ...NO_FILTER, ...filter },
        world.lookup,
      );
      return list.map(({ item }) => item.id);
    };
    expect((await similar({ category: ['comedy'] })).every((id) => id.startsWith('comedy'))).toBe(true);
    const [first = ''] = await similar();
    await world.services.catalog.hideItem(TENANT, first);
    expect(await similar()).not.toContain(first);
  });

  it('are none without a model', async () => {
    world.snapshot = null;
    expect(await world.services.recommendations.similarItems(TENANT, ['a', 'b'], 5, null, world.lookup)).toEqual([
      [],
      [],
    ]);
  });
});
