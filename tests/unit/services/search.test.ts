import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '../../../src/domain/entities.js';
import { CurioError } from '../../../src/domain/errors.js';
import type { SearchRequest } from '../../../src/services/search/types.js';
import { lens } from '../../helpers/lenses.js';
import { createWorld, NO_FILTER, TENANT, type World } from '../../helpers/services.js';
import { plantItem, START } from '../../helpers/snapshot.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.services.dispose());

const search = (query: string, parts: Partial<SearchRequest> = {}) =>
  world.services.search.search(
    { tenant: TENANT, userId: null, query, first: 10, after: null, filter: null, ...parts },
    world.lookup,
  );
const idsOf = async (query: string, parts: Partial<SearchRequest> = {}) =>
  (await search(query, parts)).edges.map(({ node }) => node.id);
const upsert = async (...items: Item[]) => {
  const drafts = items.map(({ hiddenAt: _, ...draft }) => draft);
  await world.stores.entities.upsertItems(TENANT, drafts);
  world.feed.tell(TENANT, { items: items.map(({ id }) => id), users: [] });
};
const like = (userId: string, itemId: string, action: 'LIKE' | 'HIDE' = 'LIKE') =>
  world.services.feedback.send(TENANT, { userId, target: { itemId }, action, eventId: `${userId}-${itemId}` });

describe('search', () => {
  it('finds by words and by what they mean, and says what was found', async () => {
    const found = await search('horror', { first: 100 });
    expect(found).toMatchObject({ totalCount: 20, degraded: 'NONE', didYouMean: null });
    expect(found.facets.category).toEqual([{ value: 'horror', count: 20 }]);
    expect(new Set(found.edges.map(({ node }) => node.category))).toEqual(new Set(['horror']));
    expect(found.edges[0]?.highlights[0]).toMatch(/^<mark>horror<\/mark> no\. \d+$/);
    expect(found.pageInfo.hasNextPage).toBe(false);
  });

  it('does with words before there is a model, and says so', async () => {
    world.snapshot = null;
    expect(await search('horror')).toMatchObject({ degraded: 'LEXICAL', totalCount: 20 });
  });

  it('puts slips right', async () => {
    expect(await search('horrro')).toMatchObject({ didYouMean: 'horror', totalCount: 20 });
  });

  it('finds an item by its tag or category, whatever its title, once it is there', async () => {
    await search('horror');
    await upsert(
      lens('night', { title: 'Midnight', tags: ['horror'] }),
      lens('calm', { title: 'Teatime', category: 'horror' }),
    );
    await expect.poll(() => idsOf('horror', { first: 100 })).toEqual(expect.arrayContaining(['night', 'calm']));
  });

  it('pages through every item once, whatever comes and goes meanwhile', async () => {
    const met: string[] = [];
    let after: string | null = null;
    for (let page = 0; ; page++) {
      const { edges, pageInfo } = await search('horror comedy family', { first: 7, after });
      met.push(...edges.map(({ node }) => node.id));
      expect(edges.map(({ cursor }) => cursor).at(-1) ?? null).toBe(pageInfo.endCursor);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
      await upsert(plantItem('horror', 100 + page));
      await expect.poll(() => idsOf(`horror ${100 + page}`, { first: 3 })).toContain(`horror-${100 + page}`);
    }
    expect(met).toHaveLength(60);
    expect(new Set(met).size).toBe(60);
  });

  it('goes on with a new listing where the one of a cursor is no longer kept', async () => {
    const whole = await idsOf('horror', { first: 20 });
    const { pageInfo } = await search('horror', { first: 5 });
    const elsewhere = world.node({ cache: { ...world.cache, get: async () => null } });
    const { edges } = await elsewhere.search.search(
      { tenant: TENANT, userId: null, query: 'horror', first: 15, after: pageInfo.endCursor, filter: null },
      world.lookup,
    );
    expect(edges.map(({ node }) => node.id)).toEqual(whole.slice(5));
    await elsewhere.dispose();
  });

  it('refuses the cursor of another search', async () => {
    const { pageInfo } = await search('horror', { first: 5 });
    const other = search('comedy', { after: pageInfo.endCursor });
    await expect(other).rejects.toThrow(CurioError);
    await expect(other).rejects.toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'after' } });
    await expect(search('horror', { userId: 'ann', after: pageInfo.endCursor })).rejects.toThrow('after');
    await expect(search('horror', { filter: NO_FILTER, after: pageInfo.endCursor })).rejects.toThrow('after');
  });

  it('passes over what is hidden, in a listing that is kept, too', async () => {
    const [first, second] = await idsOf('horror');
    await world.stores.entities.hideItem(TENANT, first ?? '');
    expect((await idsOf('horror'))[0]).toBe(second);
    world.feed.tell(TENANT, { items: [first ?? ''], users: [] });
    await expect.poll(async () => (await search('horror')).totalCount).toBe(19);
  });

  it('leaves out what a rule of the business keeps out', async () => {
    await world.services.rules.upsert(TENANT, {
      id: 'no-family',
      kind: 'EXCLUDE',
      target: { ids: [], kind: [], category: ['family'], tagsAny: [], tagsAll: [], authorId: [] },
      surfaces: ['search'],
      weight: null,
      position: null,
      priority: 0,
      startsAt: null,
      endsAt: null,
    });
    const { totalCount, facets } = await search('family horror', { first: 100 });
    expect(totalCount).toBe(20);
    expect(facets.category).toEqual([{ value: 'horror', count: 20 }]);
    expect(await world.services.search.suggest(TENANT, 'fam', 10)).toEqual([]);
    expect(await world.services.search.suggest(TENANT, 'horror', 3)).toHaveLength(3);
  });

  it('scores for the person, and for nobody when asked', async () => {
    for (let place = 0; place < 5; place++) await like('ann', `horror-00${place}`);
    const query = 'odd shelf';
    const groups = async (userId: string | null) =>
      (await search(query, { userId, first: 10 })).edges.map(({ node }) => node.category);
    const horrors = async (userId: string | null) => (await groups(userId)).filter((name) => name === 'horror').length;
    expect(await horrors('ann')).toBeGreaterThan(await horrors(null));
    expect(await search(query, { userId: 'ann' })).toMatchObject({ degraded: 'HEURISTIC_RANKER' });
  });

  it('does not show a person what they hid', async () => {
    const [first] = await idsOf('horror', { userId: 'ann' });
    await like('ann', first ?? '', 'HIDE');
    expect(await idsOf('horror', { userId: 'ann', first: 100 })).not.toContain(first);
    expect(await idsOf('horror', { userId: 'bob', first: 100 })).toContain(first);
  });

  it('answers the same search from the cache', async () => {
    const first = await search('horror');
    const kept: string[] = [];
    const set = world.cache.set;
    const node = world.node({
      cache: {
        ...world.cache,
        async set(key, value, ttl) {
          kept.push(key);
          return set(key, value, ttl);
        },
      },
    });
    const again = () =>
      node.search.search(
        { tenant: TENANT, userId: null, query: 'horror', first: 10, after: null, filter: null },
        world.lookup,
      );
    expect((await again()).edges.map(({ node: { id } }) => id)).toEqual(first.edges.map(({ node: { id } }) => id));
    const listings = () => kept.filter((key) => key.startsWith('search:')).length;
    expect(listings()).toBe(1);
    await again();
    expect(listings()).toBe(1);
    await node.dispose();
  });

  it('serves a new model once its index is full', async () => {
    expect(await search('horror')).toMatchObject({ degraded: 'NONE' });
    const { snapshot } = world.planted;
    world.snapshot = { ...snapshot, version: 'v2', content: null };
    await expect.poll(async () => (await search('horror')).degraded).toBe('LEXICAL');
  });

  it('keeps tenants apart', async () => {
    await search('horror');
    const other = await world.services.search.search(
      { tenant: 'other', userId: null, query: 'horror', first: 10, after: null, filter: null },
      world.lookup,
    );
    expect(other).toMatchObject({ totalCount: 0, edges: [] });
    expect(await world.services.search.suggest('other', 'horror', 10)).toEqual([]);
  });

  it('compares the whole catalogue when anything may have changed', async () => {
    expect(await idsOf('unheard')).toEqual([]);
    const { hiddenAt: _, ...draft } = lens('unheard', { title: 'Unheard', createdAt: new Date(START) });
    await world.stores.entities.upsertItems(TENANT, [draft]);
    await world.stores.entities.hideItem(TENANT, 'horror-000');
    world.feed.tell(TENANT, 'all');
    await expect.poll(() => idsOf('unheard')).toEqual(['unheard']);
    await expect.poll(async () => (await search('horror')).totalCount).toBe(19);
  });
});
