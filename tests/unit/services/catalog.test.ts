import { beforeEach, describe, expect, it } from 'vitest';
import type { ItemDraft, UserDraft } from '../../../src/domain/entities.js';
import { createWorld, request, TENANT, type World } from '../../helpers/services.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const item: ItemDraft = { id: 'new', kind: 'lens', title: 'New' };
const user: UserDraft = { id: 'new', name: 'New' };
const many = (count: number) => Array.from({ length: count }, (_, at) => `t${at}`);

describe('upsertItems', () => {
  it('creates, replaces, and keeps going past a bad row', async () => {
    expect(
      await world.services.catalog.upsertItems(TENANT, [item, { ...item, id: 'horror-000' }, { ...item, title: ' ' }]),
    ).toEqual({
      created: 1,
      updated: 1,
      rejected: [{ index: 2, code: 'BAD_USER_INPUT', message: 'title must not be blank' }],
    });
  });

  it('lets the last valid draft of an id stand', async () => {
    const drafts = [item, { ...item, title: 'Newer' }, { ...item, title: '' }];
    await world.services.catalog.upsertItems(TENANT, drafts);
    expect((await world.stores.entities.items(TENANT, ['new']))[0]?.title).toBe('Newer');
  });

  it('writes nothing when no row is good', async () => {
    expect(await world.services.catalog.upsertItems(TENANT, [{ ...item, kind: '' }])).toMatchObject({
      created: 0,
      updated: 0,
    });
  });

  it.each<[string, Partial<ItemDraft>]>([
    ['id', { id: '' }],
    ['id', { id: 'a\tb' }],
    ['kind', { kind: '' }],
    ['kind', { kind: 'x'.repeat(65) }],
    ['title', { title: 'x'.repeat(513) }],
    ['title', { title: 'two\nlines' }],
    ['description', { description: 'a\0b' }],
    ['description', { description: 'x'.repeat(10_001) }],
    ['category', { category: '' }],
    ['tags', { tags: many(51) }],
    ['tags[1]', { tags: ['fine', ''] }],
    ['tags[0]', { tags: ['x'.repeat(65)] }],
    ['previewUrl', { previewUrl: 'javascript:alert(1)' }],
    ['previewUrl', { previewUrl: '//elsewhere.example/x.png' }],
    ['previewUrl', { previewUrl: 'picture.png' }],
    ['authorId', { authorId: '' }],
    ['attributes', { attributes: { text: 'x'.repeat(17_000) } }],
    ['attributes', { attributes: { text: '\ud800' } }],
    ['createdAt', { createdAt: new Date(Number.NaN) }],
    ['createdAt', { createdAt: new Date(8.64e15) }],
  ])('names %s when it is wrong: %j', async (field, wrong) => {
    const { rejected } = await world.services.catalog.upsertItems(TENANT, [{ ...item, ...wrong }]);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]?.message.split(' ')[0]).toBe(field);
  });

  it.each(['https://example.com/a.png', 'http://example.com', '/previews/a.svg'])(
    'takes %s as a preview',
    async (previewUrl) => {
      expect((await world.services.catalog.upsertItems(TENANT, [{ ...item, previewUrl }])).rejected).toEqual([]);
    },
  );

  it('is 1 to 1,000 rows', async () => {
    await expect(world.services.catalog.upsertItems(TENANT, [])).rejects.toThrow('items must have 1 to 1,000 entries');
    await expect(world.services.catalog.upsertUsers(TENANT, Array(1001).fill(user))).rejects.toThrow(
      'users must have 1 to 1,000 entries, got 1001',
    );
  });
});

describe('upsertUsers', () => {
  it.each<[string, Partial<UserDraft>]>([
    ['name', { name: '' }],
    ['age', { age: -1 }],
    ['age', { age: 151 }],
    ['age', { age: 1.5 }],
    ['gender', { gender: 'x'.repeat(65) }],
    ['location', { location: 'x'.repeat(257) }],
    ['bio', { bio: 'x'.repeat(10_001) }],
    ['interests', { interests: many(51) }],
  ])('names %s when it is wrong: %j', async (field, wrong) => {
    const { rejected } = await world.services.catalog.upsertUsers(TENANT, [{ ...user, ...wrong }]);
    expect(rejected[0]?.message.split(' ')[0]).toBe(field);
  });

  it('takes a whole person', async () => {
    const whole = { ...user, age: 150, gender: null, bio: 'Two\nlines', interests: ['a'], createdAt: new Date(0) };
    expect(await world.services.catalog.upsertUsers(TENANT, [whole])).toEqual({ created: 1, updated: 0, rejected: [] });
  });
});

describe('hideItem and eraseUser', () => {
  it('refuses an unknown item by name', async () => {
    await expect(world.services.catalog.hideItem(TENANT, 'nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says false for someone who is not there', async () => {
    expect(await world.services.catalog.eraseUser(TENANT, 'nobody')).toBe(false);
  });

  it('erases what shaped the next list', async () => {
    const { feedback, recommendations, catalog } = world.services;
    const ids = async () => {
      const list = await recommendations.recommend(request('ann', { diversity: 0 }), world.lookup);
      return list.recommendations.map(({ item }) => item.id);
    };
    const before = await ids();
    await feedback.send(TENANT, { userId: 'ann', action: 'VIEW', target: { itemId: before[0] ?? '' } });
    expect(await ids()).not.toContain(before[0]);
    expect(await catalog.eraseUser(TENANT, 'ann')).toBe(true);
    expect(await ids()).toEqual(before);
  });
});
