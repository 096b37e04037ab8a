import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../../src/domain/actions.js';
import { silentLog } from '../../../src/domain/log.js';
import { createPersonStates } from '../../../src/engine/live/personStates.js';
import { personId, personOf, plantSociety, SOCIETY } from '../../helpers/people.js';
import { createWorld, request, TENANT, type World } from '../../helpers/services.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

let world: World;
beforeEach(async () => {
  const planted = plantSnapshot();
  world = createWorld({ ...planted, snapshot: { ...planted.snapshot, people: plantSociety(planted.items.length) } });
  const users = Array.from({ length: SOCIETY }, (_, person) => personOf(person));
  await world.stores.entities.upsertUsers(TENANT, users);
});

const ME = personId(0);
const act = (userId: string, action: Action, itemId: string) =>
  world.services.feedback.send(TENANT, { userId, action, target: { itemId } });
const recommend = (userId: string, parts = {}, services = world.services) =>
  services.recommendations.recommend(request(userId, parts), world.lookup);
const ids = (list: { readonly recommendations: readonly { readonly item: { readonly id: string } }[] }) =>
  list.recommendations.map(({ item }) => item.id);
const people = async (userId: string) => {
  const list = await world.services.people.recommend(
    { tenant: TENANT, userId, first: 50, filter: null, excludeSeen: true, sessionId: null },
    (some) => world.stores.entities.users(TENANT, some),
  );
  return { ...list, ids: list.recommendations.map(({ user }) => user.id) };
};
const consent = (userId: string, wants: boolean, services = world.services) =>
  services.privacy.setConsent(TENANT, userId, wants);

describe('without consent', () => {
  it('a list is the one of someone of whom nothing is known, on every node, from the very next answer on', async () => {
    const other = world.node();
    for (const id of ['horror-003', 'horror-004', 'horror-005']) await act(ME, 'LIKE', id);
    const before = await recommend(ME, { diversity: 0 }, other);
    expect(before.degraded).toBe('HEURISTIC_RANKER');
    expect(ids(before).every((id) => id.startsWith('horror'))).toBe(true);
    expect(await consent(ME, false)).toBe(false);
    const stranger = await recommend('stranger', { diversity: 0, first: 20 });
    for (const services of [world.services, other]) {
      const list = await recommend(ME, { diversity: 0, first: 20 }, services);
      expect(list.degraded).toBe('POPULAR');
      expect(ids(list)).toEqual(ids(stranger));
      expect(list.recommendations.map(({ reason }) => reason).join()).not.toContain('liked');
    }
    await consent(ME, true);
    expect(ids(await recommend(ME, { diversity: 0 }, other))).toEqual(ids(before));
  });

  it('what was hidden stays hidden, and feedback is acknowledged', async () => {
    await consent(ME, false);
    const [first = ''] = ids(await recommend(ME));
    expect(await act(ME, 'HIDE', first)).toMatchObject({ duplicate: false });
    expect(ids(await recommend(ME, { first: 100 }))).not.toContain(first);
    expect(ids(await recommend(ME, { first: 100, excludeSeen: false }))).not.toContain(first);
    world.snapshot = null;
    expect(ids(await recommend(ME, { first: 100 }))).not.toContain(first);
  });

  it('nothing of what is shown is written down', async () => {
    await consent(ME, false);
    const before = world.stores.shown.length;
    await recommend(ME);
    await people(ME);
    await new Promise(setImmediate);
    expect(world.stores.shown.slice(before)).toEqual([]);
    await recommend('someone');
    await new Promise(setImmediate);
    expect(world.stores.shown.length).toBe(before + 1);
  });

  it('a search is as for anyone, without what was hidden', async () => {
    for (const id of ['horror-003', 'horror-004', 'horror-005']) await act(ME, 'LIKE', id);
    await act(ME, 'HIDE', 'horror-001');
    await consent(ME, false);
    const search = async (userId: string | null) => {
      const asked = { tenant: TENANT, userId, query: 'horror', first: 100, after: null, filter: null };
      return (await world.services.search.search(asked, world.lookup)).edges.map(({ node }) => node.id);
    };
    const anyone = await search(null);
    expect(anyone).toContain('horror-001');
    expect(await search(ME)).toEqual(anyone.filter((id) => id !== 'horror-001'));
  });

  it('nobody is shown to others, and nobody is like them', async () => {
    const before = await people(ME);
    const [nearest = ''] = before.ids;
    await consent(nearest, false);
    expect((await people(ME)).ids).not.toContain(nearest);
    const like = await world.services.people.similar(TENANT, nearest, 10, null, (some) =>
      world.stores.entities.users(TENANT, some),
    );
    expect(like).toEqual([]);
  });

  it('they meet those who are about, without whom they follow or blocked', async () => {
    await consent(ME, false);
    const about = await people(ME);
    expect(about.degraded).toBe('POPULAR');
    const [followed = '', blocked = ''] = about.ids;
    await world.services.feedback.send(TENANT, { userId: ME, target: { userId: followed }, action: 'FOLLOW' });
    await world.services.feedback.send(TENANT, { userId: ME, target: { userId: blocked }, action: 'BLOCK' });
    const now = await people(ME);
    expect(now.ids).not.toContain(followed);
    expect(now.ids).not.toContain(blocked);
    expect(now.ids.length).toBeGreaterThan(0);
  });
});

it('is what a session lacks where people have to agree first', async () => {
  const states = createPersonStates({
    eventLog: world.stores.eventLog,
    // A session has no profile, and nobody asked it.
    entities: { users: async (_tenant, some) => some.map(() => null) },
    personaliseByDefault: false,
    cache: world.cache,
    newId: () => 'v',
    log: silentLog,
  });
  await world.services.feedback.send(TENANT, {
    userId: 'session:s',
    sessionId: 's',
    action: 'LIKE',
    target: { itemId: 'horror-001' },
  });
  expect(await states.load(TENANT, 'session:s')).toMatchObject({ personalised: false, events: [], facts: null });
});
