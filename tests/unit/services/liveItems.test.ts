import { beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '../../../src/domain/entities.js';
import type { OpenServices } from '../../../src/services/create.js';
import { ruleDraft } from '../../helpers/rules.js';
import { createWorld, NO_FILTER, request, TENANT, type World } from '../../helpers/services.js';
import { plantItem, plantSnapshot } from '../../helpers/snapshot.js';

/** One nobody has met, of the taste of who likes horror. */
const live: Item = { ...plantItem('horror', 90), id: 'live' };

let world: World;
beforeEach(() => {
  world = createWorld(plantSnapshot({ itemsPerGroup: 40 }));
});

const recommend = (userId: string, parts = {}, from: OpenServices = world.services) =>
  from.recommendations.recommend(request(userId, { diversity: 0, ...parts }), world.lookup);
const idsFor = async (userId: string, parts = {}, from: OpenServices = world.services) =>
  (await recommend(userId, parts, from)).recommendations.map(({ item }) => item.id);
const like = (userId: string, itemId: string) =>
  world.services.feedback.send(TENANT, { userId, action: 'LIKE', target: { itemId } });
const likeHorror = async (userId: string) => {
  for (const id of ['horror-030', 'horror-031', 'horror-032']) await like(userId, id);
};
const write = async ({ hiddenAt: _, ...draft }: Item) => {
  await world.stores.entities.upsertItems(TENANT, [draft]);
  await world.feed.tell(TENANT, { items: [draft.id], users: [] });
};
const hide = async (id: string) => {
  await world.services.catalog.hideItem(TENANT, id);
  await world.feed.tell(TENANT, { items: [id], users: [] });
};
/** What the model ranks: what is popular, by the counts of the store, is no candidate. */
const rankedFor = async (userId: string, parts = {}, from: OpenServices = world.services) => {
  const { recommendations, degraded } = await recommend(userId, parts, from);
  return degraded === 'POPULAR' ? [] : recommendations.map(({ item }) => item.id);
};
/** Written, and a candidate. */
const arrives = async (item: Item, from: OpenServices = world.services) => {
  await idsFor('someone', {}, from);
  await write(item);
  const filter = { ...NO_FILTER, ids: [item.id] };
  await expect.poll(() => rankedFor('someone', { filter }, from)).toEqual([item.id]);
};

describe('an item that came while a version served', () => {
  it('is in the next list of who likes its like, though the last was kept', async () => {
    await likeHorror('ann');
    const before = await recommend('ann', { first: 100 });
    expect((await recommend('ann', { first: 100 })).cached).toBe(true);
    await arrives(live);
    const after = await recommend('ann', { first: 100 });
    expect(after.cached).toBe(false);
    expect(after.totalCount).toBe(before.totalCount + 1);
    const place = after.recommendations.findIndex(({ item }) => item.id === 'live');
    // Before what they do not like, however popular that is.
    expect(place).toBeGreaterThanOrEqual(0);
    expect(place).toBeLessThan(after.recommendations.findIndex(({ item }) => item.category !== 'horror'));
    const explanation = await after.recommendations[place]?.explain();
    expect(explanation?.sources.map(({ source }) => source)).toEqual(
      expect.arrayContaining(['collaborative', 'content', 'tags', 'popular']),
    );
  });

  it('says something of the taste of who likes it', async () => {
    await arrives({ ...live, category: 'comedy', title: 'comedy', tags: ['comedy'] });
    await like('bob', 'live');
    const ids = await idsFor('bob');
    expect(ids).not.toContain('live');
    expect(ids.filter((id) => id.startsWith('comedy'))).toHaveLength(10);
  });

  it('has what is similar, and is similar to it', async () => {
    await arrives(live);
    const similar = async (id: string) => {
      const [found] = await world.services.recommendations.similarItems(TENANT, [id], 40, null, world.lookup);
      return found?.map(({ item }) => item.id) ?? [];
    };
    expect((await similar('live'))[0]).toMatch(/^horror/);
    expect(await similar('horror-030')).toContain('live');
    await hide('live');
    expect(await similar('horror-030')).not.toContain('live');
  });

  it('obeys rules about what it says, and can be pinned', async () => {
    await arrives({ ...live, category: 'brand new' });
    const { rules } = world.services;
    await rules.upsert(TENANT, ruleDraft('top', { kind: 'PIN', position: 2 }, { ids: ['live'] }));
    expect((await idsFor('carl')).indexOf('live')).toBe(2);
    await rules.upsert(TENANT, ruleDraft('out', {}, { category: ['brand new'] }));
    expect(await idsFor('carl', { first: 100 })).not.toContain('live');
  });

  it('is tried, like everything of which little is known', async () => {
    const node = world.node({ exploration: 0.5 });
    for (let n = 0; n < 5; n++) await arrives({ ...live, id: `live-${n}`, tags: [] }, node);
    let tried = 0;
    for (let n = 0; n < 30; n++) {
      const list = await recommend(`person ${n}`, {}, node);
      for (const { item, explain } of list.recommendations) {
        if (!item.id.startsWith('live')) continue;
        const { rules, sources } = await explain();
        expect(sources.map(({ source }) => source)).toContain('fresh');
        if (rules.join().includes('exploration')) tried++;
      }
    }
    expect(tried).toBeGreaterThan(0);
  });
});

describe('an item that changed', () => {
  it('is found by what it says now, and not by what it said', async () => {
    const of = (category: string) => rankedFor('ann', { filter: { ...NO_FILTER, category: [category] }, first: 100 });
    expect(await of('horror')).toContain('horror-000');
    await write({ ...plantItem('horror', 0), category: 'western' });
    await expect.poll(() => of('western')).toEqual(['horror-000']);
    expect(await of('horror')).not.toContain('horror-000');
    expect(await of('horror')).toHaveLength(39);
  });
});

describe('an item that is hidden', () => {
  it('is out of the next answer of every list that was kept, and of its total', async () => {
    const [first = ''] = await idsFor('ann');
    await idsFor('ann', { requestId: 'r' });
    expect((await recommend('ann')).cached).toBe(true);
    const { totalCount } = await recommend('ann');
    await hide(first);
    expect(await idsFor('ann')).not.toContain(first);
    expect(await idsFor('ann', { requestId: 'r' })).not.toContain(first);
    await expect.poll(async () => (await recommend('ann')).totalCount).toBe(totalCount - 1);
    expect(await idsFor('ann')).toHaveLength(10);
    const trace = await (await recommend('ann')).trace([first]);
    expect(trace?.items[0]?.why).toBe('kept out by hidden: it is hidden');
  });
});
