import { beforeEach, describe, expect, it } from 'vitest';
import type { RuleRequest } from '../../../src/services/rules/types.js';
import { ruleDraft } from '../../helpers/rules.js';
import { createWorld, request, TENANT, type World } from '../../helpers/services.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const set = (...parts: Parameters<typeof ruleDraft>) => world.services.rules.upsert(TENANT, ruleDraft(...parts));
const recommend = (parts = {}, services = world.services) =>
  services.recommendations.recommend(request('ann', parts), world.lookup);
const idsOf = (list: { readonly recommendations: readonly { readonly item: { readonly id: string } }[] }) =>
  list.recommendations.map(({ item }) => item.id);

describe('rules', () => {
  it('are given an id when they have none, and are listed as they are obeyed', async () => {
    const { id } = await world.services.rules.upsert(TENANT, { ...ruleDraft('x'), id: null });
    await set('first', { priority: 5, startsAt: new Date(world.now + 1) });
    await set('last', { priority: -5, endsAt: new Date(world.now) });
    const list = await world.services.rules.list(TENANT);
    expect(list.map((rule) => [rule.id, rule.active])).toEqual([
      ['first', false],
      [id, true],
      ['last', false],
    ]);
    expect(await world.services.rules.delete(TENANT, id)).toBe(true);
    expect(await world.services.rules.delete(TENANT, id)).toBe(false);
    expect(await world.services.rules.list(TENANT)).toHaveLength(2);
    expect(await world.services.rules.list('another')).toEqual([]);
  });

  it('change the very next list on every node, and lists that were kept', async () => {
    const other = world.node();
    const before = await recommend();
    const [first = '', second = ''] = idsOf(before);
    expect((await recommend({}, other)).cached).toBe(true);
    await set('out', {}, { ids: [first] });
    await set('top', { kind: 'PIN', position: 0 }, { ids: ['family-019'] });
    await set('down', { kind: 'BURY' }, { ids: [second] });
    for (const services of [world.services, other]) {
      const after = idsOf(await recommend({}, services));
      expect(after[0]).toBe('family-019');
      expect(after).not.toContain(first);
      expect(after).not.toContain(second);
      expect(after).toHaveLength(10);
    }
    for (const id of ['out', 'top', 'down']) await world.services.rules.delete(TENANT, id);
    expect(idsOf(await recommend({}, other))).toEqual(idsOf(before));
  });

  it('say what they did', async () => {
    await set('top', { kind: 'PIN', position: 1 }, { ids: ['family-019'] });
    await set('sale', { kind: 'BOOST', weight: 100 }, { ids: ['comedy-018'] });
    const list = await recommend({ diversity: 0 });
    const rulesOf = async (id: string) =>
      (await list.recommendations.find(({ item }) => item.id === id)?.explain())?.rules;
    expect(idsOf(list).slice(0, 2)).toEqual(['comedy-018', 'family-019']);
    expect((await rulesOf('family-019'))?.[0]).toMatch(/^pinned by top: position \d+ to 1$/);
    expect(await rulesOf('comedy-018')).toEqual([
      expect.stringMatching(/^boosted by sale × 100: score 0\.\d+ to 0\.\d+$/),
    ]);
  });

  it('are for their surfaces', async () => {
    const { recommendations } = await recommend();
    const gone = recommendations[0]?.item.id ?? '';
    await set('out', { surfaces: ['feed', 'detail'] }, { ids: [gone] });
    expect(idsOf(await recommend())).toContain(gone);
    expect(idsOf(await recommend({ surface: 'feed', first: 100 }))).not.toContain(gone);
  });

  it('begin and end by the clock', async () => {
    const before = await recommend();
    const [gone = ''] = idsOf(before);
    await set('out', { startsAt: new Date(world.now + 1_000), endsAt: new Date(world.now + 2_000) }, { ids: [gone] });
    expect(idsOf(await recommend())).toContain(gone);
    world.now += 1_000;
    expect(idsOf(await recommend())).not.toContain(gone);
    world.now += 1_000;
    expect(idsOf(await recommend())).toContain(gone);
  });

  it('keep nothing in that the person, the filter or the catalogue keeps out', async () => {
    await set('one', { kind: 'PIN', position: 0 }, { ids: ['family-001'] });
    await set('two', { kind: 'PIN', position: 0 }, { ids: ['family-002'] });
    await set('three', { kind: 'PIN', position: 0 }, { ids: ['family-003'] });
    await world.services.feedback.send(TENANT, { userId: 'ann', action: 'SKIP', target: { itemId: 'family-001' } });
    await world.services.catalog.hideItem(TENANT, 'family-002');
    const ids = idsOf(await recommend({ excludeIds: ['family-003'], first: 100 }));
    for (const id of ['family-001', 'family-002', 'family-003']) expect(ids).not.toContain(id);
  });

  it('exclude from similar items, from what is popular without a model, and from lists already answered', async () => {
    const answered = idsOf(await recommend({ requestId: 'r1' }));
    const similar = async () => {
      const { recommendations } = world.services;
      const [list = []] = await recommendations.similarItems(TENANT, ['horror-004'], 5, null, world.lookup);
      return list.map(({ item }) => item.id);
    };
    expect((await similar()).some((id) => id.startsWith('horror'))).toBe(true);
    await set('no horror', {}, { category: ['horror'] });
    expect(idsOf(await recommend({ requestId: 'r1' }))).toEqual(answered.filter((id) => !id.startsWith('horror')));
    expect(await similar()).toHaveLength(5);
    expect((await similar()).some((id) => id.startsWith('horror'))).toBe(false);
    world.snapshot = null;
    const popular = await recommend({ first: 100 });
    expect(popular).toMatchObject({ degraded: 'POPULAR', totalCount: 40 });
    expect(idsOf(popular).some((id) => id.startsWith('horror'))).toBe(false);
  });

  it('see items as they are now, not as the model knew them', async () => {
    await set('no ghosts', {}, { tagsAny: ['ghost'] });
    const [first = ''] = idsOf(await recommend());
    await world.services.catalog.upsertItems(TENANT, [{ id: first, kind: 'film', title: 'Boo', tags: ['Ghost'] }]);
    expect(idsOf(await recommend())).not.toContain(first);
  });

  it('that cannot be read let nothing through, and heal', async () => {
    const fresh = world.node();
    const { list } = world.stores.rules;
    world.stores.rules.list = async () => {
      throw new Error('the database is away');
    };
    expect(await recommend({}, fresh)).toMatchObject({ degraded: 'EMPTY', recommendations: [] });
    expect(await fresh.recommendations.similarItems(TENANT, ['horror-004'], 5, null, world.lookup)).toEqual([[]]);
    world.stores.rules.list = list;
    expect(idsOf(await recommend({}, fresh))).toHaveLength(10);
  });
});

describe('a rule', () => {
  const everyone: RuleRequest = ruleDraft('x', {}, {});
  it.each<[string, RuleRequest, string]>([
    ['an empty target', everyone, 'rule.target'],
    ['an id that is none', ruleDraft('\n', {}, { ids: ['a'] }), 'rule.id'],
    ['a blank word', ruleDraft('x', {}, { category: [''] }), 'rule.target.category[0]'],
    ['an item id that is none', ruleDraft('x', {}, { ids: ['a', ''] }), 'rule.target.ids[1]'],
    ['too many ids', ruleDraft('x', {}, { ids: Array.from({ length: 1_001 }, String) }), 'rule.target.ids'],
    ['a surface that is none', ruleDraft('x', { surfaces: ['no such place'] }), 'rule.surfaces[0]'],
    ['a boost without a weight', ruleDraft('x', { kind: 'BOOST' }), 'rule.weight'],
    ['a boost of nothing', ruleDraft('x', { kind: 'BOOST', weight: 0 }), 'rule.weight'],
    ['a boost of NaN', ruleDraft('x', { kind: 'BOOST', weight: Number.NaN }), 'rule.weight'],
    ['a weighty burial', ruleDraft('x', { kind: 'BURY', weight: 2 }), 'rule.weight'],
    ['a pin to nowhere', ruleDraft('x', { kind: 'PIN' }), 'rule.position'],
    ['a pin beyond any list', ruleDraft('x', { kind: 'PIN', position: 100 }), 'rule.position'],
    ['a pin of two', ruleDraft('x', { kind: 'PIN', position: 0 }, { ids: ['a', 'b'] }), 'rule.target'],
    ['a pin of a kind', ruleDraft('x', { kind: 'PIN', position: 0 }, { ids: ['a'], kind: ['film'] }), 'rule.target'],
    ['an exclusion with a position', ruleDraft('x', { position: 1 }), 'rule.position'],
    ['half a priority', ruleDraft('x', { priority: 0.5 }), 'rule.priority'],
    ['an end before the start', ruleDraft('x', { startsAt: new Date(2), endsAt: new Date(2) }), 'rule.endsAt'],
    ['no time', ruleDraft('x', { startsAt: new Date(Number.NaN) }), 'rule.startsAt'],
  ])('with %s is refused by name', async (_what, draft, field) => {
    await expect(world.services.rules.upsert(TENANT, draft)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field },
    });
    expect(await world.services.rules.list(TENANT)).toEqual([]);
  });

  it('beyond the thousandth is refused, but one of them may be replaced', async () => {
    for (let n = 0; n < 1_000; n++) await world.stores.rules.upsert(TENANT, ruleDraft(`${n}`));
    await expect(set('one too many')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await set('7', { priority: 7 })).priority).toBe(7);
  });
});
