import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../../src/domain/actions.js';
import { DAY_MS, HOUR_MS } from '../../../src/domain/clock.js';
import type { PeopleRequest, UserFilter } from '../../../src/services/people/types.js';
import type { Services } from '../../../src/services/services.js';
import { personId, personOf, plantSociety, SOCIETY } from '../../helpers/people.js';
import { createWorld, TENANT, type World } from '../../helpers/services.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

const ANYONE: UserFilter = { minAge: null, maxAge: null, location: null, gender: null, interestsAny: null };

let world: World;
let looked: string[][];
beforeEach(async () => {
  const planted = plantSnapshot();
  world = createWorld({
    ...planted,
    snapshot: { ...planted.snapshot, people: plantSociety(planted.items.length) },
  });
  looked = [];
  await world.stores.entities.upsertUsers(
    TENANT,
    Array.from({ length: SOCIETY }, (_, person) => personOf(person)),
  );
});

const lookup = async (ids: readonly string[]) => {
  looked.push([...ids]);
  return world.stores.entities.users(TENANT, ids);
};

function ask(userId: string, parts: Partial<PeopleRequest> = {}, services: Services = world.services) {
  const request = { tenant: TENANT, userId, first: 10, filter: null, excludeSeen: true, sessionId: null, ...parts };
  return services.people.recommend(request, lookup);
}

const idsOf = ({ recommendations }: Awaited<ReturnType<typeof ask>>) => recommendations.map(({ user }) => user.id);

const like = async (userId: string, parts: Partial<{ first: number; filter: UserFilter }> = {}) =>
  (await world.services.people.similar(TENANT, userId, parts.first ?? 10, parts.filter ?? null, lookup)).map(
    ({ user }) => user.id,
  );

const act = (userId: string, other: string, action: Action, services: Services = world.services) =>
  services.feedback.send(TENANT, { userId, target: { userId: other }, action });

const take = (userId: string, itemId: string, action: Action = 'LIKE') =>
  world.services.feedback.send(TENANT, { userId, target: { itemId }, action });

const ME = personId(0);
const NEAREST = personId(2);

describe('recommendedUsers', () => {
  it('starts with those whom the walks of the version lead to, each once, never oneself', async () => {
    const answer = await ask(ME, { first: 8 });
    expect(answer).toMatchObject({ algorithmVersion: 'v1', degraded: 'NONE', cached: false, variant: null });
    expect(idsOf(answer)[0]).toBe(NEAREST);
    expect(answer.recommendations[0]).toMatchObject({
      source: 'graph',
      reason: 'Moves in the same circles',
      position: 0,
    });
    expect(new Set(idsOf(answer)).size).toBe(8);
    expect(idsOf(answer)).not.toContain(ME);
    for (const [at, { matchScore, position }] of answer.recommendations.entries()) {
      expect(position).toBe(at);
      expect(matchScore).toBeGreaterThan(0);
      expect(matchScore).toBeLessThan(1);
      if (at > 0) expect(matchScore).toBeLessThanOrEqual(answer.recommendations[at - 1]?.matchScore ?? 0);
    }
  });

  it.each<Action>(['FOLLOW', 'LIKE', 'SKIP', 'HIDE', 'REPORT', 'VIEW', 'DISLIKE'])(
    'leaves out whom the person has done %s to, in the very next answer of every node',
    async (action) => {
      const other = world.node();
      expect(idsOf(await ask(ME))).toContain(NEAREST);
      expect((await ask(ME, {}, other)).cached).toBe(true);
      await act(ME, NEAREST, action);
      expect(idsOf(await ask(ME))).not.toContain(NEAREST);
      expect(idsOf(await ask(ME, {}, other))).not.toContain(NEAREST);
    },
  );

  it('lets whom one skipped or liked come again when asked to, but never whom one follows or blocked', async () => {
    await act(ME, personId(2), 'SKIP');
    await act(ME, personId(4), 'LIKE');
    await act(ME, personId(6), 'FOLLOW');
    await act(ME, personId(8), 'HIDE');
    await act(ME, personId(10), 'REPORT');
    const again = idsOf(await ask(ME, { first: 30, excludeSeen: false }));
    expect(again).toEqual(expect.arrayContaining([personId(2), personId(4)]));
    for (const out of [6, 8, 10]) expect(again).not.toContain(personId(out));
  });

  it('knows follows that no event tells of, and that they end', async () => {
    await world.stores.entities.addFollows(TENANT, [{ followerId: ME, followeeId: NEAREST, createdAt: new Date(0) }]);
    expect(idsOf(await ask(ME, { excludeSeen: false }))).not.toContain(NEAREST);
    await act(ME, NEAREST, 'UNFOLLOW');
    expect(idsOf(await ask(ME))).not.toContain(NEAREST);
    expect(idsOf(await ask(ME, { excludeSeen: false }))).toContain(NEAREST);
  });

  it.each<Action>(['HIDE', 'REPORT'])(
    'keeps whoever did %s to the person from them, at once and on every node',
    async (action) => {
      const other = world.node();
      expect(idsOf(await ask(ME, {}, other))).toContain(NEAREST);
      await act(NEAREST, ME, action);
      for (const services of [world.services, other]) {
        expect(idsOf(await ask(ME, { excludeSeen: false }, services))).not.toContain(NEAREST);
        expect(idsOf(await ask(NEAREST, { excludeSeen: false }, services))).not.toContain(ME);
      }
      expect(await like(ME)).not.toContain(NEAREST);
      expect(await like(NEAREST)).not.toContain(ME);
    },
  );

  it('shows nobody rather than someone blocked when it cannot be known who is', async () => {
    world.stores.failing = true;
    expect(await ask(ME)).toMatchObject({ recommendations: [], degraded: 'EMPTY', totalCount: 0 });
    world.stores.failing = false;
    expect(idsOf(await ask(ME))).toContain(NEAREST);
    world.stores.eventLog.blockersAmong = async () => {
      throw new Error('the log is away');
    };
    await act(ME, personId(39), 'VIEW');
    expect(await ask(ME)).toMatchObject({ recommendations: [], degraded: 'EMPTY' });
  });

  it('forgets someone who is erased at once, though the version and the cached list have them', async () => {
    const before = await ask(ME);
    expect(idsOf(before)).toContain(NEAREST);
    await world.services.catalog.eraseUser(TENANT, NEAREST);
    const after = await ask(ME);
    expect(after.cached).toBe(false);
    expect(idsOf(after)).not.toContain(NEAREST);
    expect(after.recommendations).toHaveLength(10);
    expect(await like(ME)).not.toContain(NEAREST);
    expect(JSON.stringify(after)).not.toContain(NEAREST);
  });

  it('keeps a list until the person, the version or the wish changes', async () => {
    expect((await ask(ME)).cached).toBe(false);
    const again = await ask(ME);
    expect(again.cached).toBe(true);
    expect((await ask(ME, { first: 9 })).cached).toBe(false);
    expect((await ask(ME, { filter: { ...ANYONE, minAge: 1 } })).cached).toBe(false);
    await take(ME, world.planted.idsOf('horror')[0] ?? '');
    expect((await ask(ME)).cached).toBe(false);
    await world.services.catalog.upsertUsers(TENANT, [{ ...personOf(0), interests: ['day'] }]);
    expect((await ask(ME)).cached).toBe(false);
    expect((await ask(ME)).cached).toBe(true);
    if (world.snapshot !== null) world.snapshot = { ...world.snapshot, version: 'v2' };
    expect(await ask(ME)).toMatchObject({ cached: false, algorithmVersion: 'v2' });
    await act(personId(30), ME, 'FOLLOW');
    expect((await ask(ME)).cached).toBe(false);
  });

  it('computes equal requests under way once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(ME)));
    expect(new Set(answers.map((answer) => JSON.stringify(idsOf(answer)))).size).toBe(1);
    expect(world.stores.reads).toHaveLength(1);
  });

  it('logs who was shown, in the order shown', async () => {
    const answer = await ask(ME, { sessionId: 's' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.stores.shown).toEqual([
      expect.objectContaining({
        surface: 'people',
        userId: ME,
        sessionId: 's',
        requestId: answer.requestId,
        modelVersion: 'v1',
        degraded: 'NONE',
        itemIds: idsOf(answer),
        scores: answer.recommendations.map(({ matchScore }) => matchScore),
        sources: answer.recommendations.map(({ source }) => source),
      }),
    ]);
  });

  it('looks people up in one call, and in another only where some are gone', async () => {
    await ask(ME);
    expect(looked.map(({ length }) => length)).toEqual([12]);
    looked.length = 0;
    for (const person of [2, 4, 6]) await world.stores.entities.eraseUser(TENANT, personId(person));
    expect((await ask(ME)).recommendations).toHaveLength(10);
    expect(looked).toHaveLength(2);
  });
});

describe('someone newer than the version', () => {
  const NEW = 'somebody new';

  it('meets those who took to what they took to, from their first like', async () => {
    const item = world.planted.snapshot.items.ids[0] ?? '';
    await take(NEW, item);
    const answer = await ask(NEW, { first: 5 });
    expect(answer.degraded).toBe('NONE');
    expect(idsOf(answer).sort()).toEqual([0, 2, 4, 6, 8].map(personId));
    expect(answer.recommendations[0]).toMatchObject({ source: 'collaborative', reason: 'Likes the same things' });
    await take(NEW, world.planted.snapshot.items.ids[11] ?? '');
    const next = idsOf(await ask(NEW, { first: 10 }));
    expect(next).toEqual(expect.arrayContaining([11, 13, 15].map(personId)));
  });

  it('meets friends of friends from their first follow', async () => {
    await world.stores.entities.addFollows(TENANT, [
      { followerId: personId(30), followeeId: personId(39), createdAt: new Date(0) },
      { followerId: personId(37), followeeId: personId(30), createdAt: new Date(0) },
    ]);
    await take(NEW, world.planted.snapshot.items.ids[0] ?? '', 'VIEW');
    expect(idsOf(await ask(NEW))).not.toContain(personId(39));
    await act(NEW, personId(30), 'FOLLOW');
    const answer = await ask(NEW);
    expect(idsOf(answer)).not.toContain(personId(30));
    expect(idsOf(answer)).toEqual(expect.arrayContaining([personId(37), personId(39)]));
    const friend = answer.recommendations.find(({ user }) => user.id === personId(39));
    expect(friend?.reason).toBe('Has friends in common');
  });

  it('meets people of the same interests, place and age when that is all there is', async () => {
    await world.services.catalog.upsertUsers(TENANT, [
      { id: NEW, name: 'New', age: 35, location: ' town 1', interests: ['Day', 'club 3'] },
    ]);
    const answer = await ask(NEW, { first: 5 });
    expect(answer.recommendations[0]).toMatchObject({ source: 'content' });
    expect(answer.recommendations[0]?.reason).toBe('Shares interests: club 3, day');
    // Among all who like the day and are in club 3, the nearest in place and age.
    expect(idsOf(answer)[0]).toBe(personId(15));
  });

  it('is shown to others: every so often a place is kept for them', async () => {
    world.now += HOUR_MS;
    for (let n = 0; n < 3; n++) await take(`new ${n}`, world.planted.snapshot.items.ids[n] ?? '');
    const shown = idsOf(await ask(ME, { first: 20 }));
    expect(shown.filter((id) => id.startsWith('new '))).toHaveLength(2);
    expect(shown.findIndex((id) => id.startsWith('new '))).toBe(7);
  });
});

describe('what speaks for someone', () => {
  /** Where two who are otherwise alike stand, before and after. */
  async function rankOf(id: string): Promise<number> {
    return idsOf(await ask(ME, { first: 39 })).indexOf(id);
  }

  it('that they follow the person, which may be said', async () => {
    const before = await rankOf(personId(39));
    await act(personId(39), ME, 'FOLLOW');
    expect(await rankOf(personId(39))).toBeLessThan(before);
    const answer = await ask(ME, { first: 39 });
    expect(answer.recommendations.find(({ user }) => user.id === personId(39))?.reason).toBe('Follows you');
  });

  it('that they liked the person, which may not', async () => {
    const before = await rankOf(personId(39));
    await act(personId(39), ME, 'LIKE');
    const after = await rankOf(personId(39));
    expect(after).toBeLessThan(before);
    const answer = await ask(ME, { first: 39 });
    expect(answer.recommendations.find(({ user }) => user.id === personId(39))?.reason).not.toMatch(/lik/i);
  });

  it('whom the person took to last', async () => {
    const before = await rankOf(personId(23));
    await act(ME, personId(21), 'LIKE');
    const liked = await rankOf(personId(23));
    expect(liked).toBeLessThan(before);
    // Taken back, it speaks no more.
    await act(ME, personId(21), 'DISLIKE');
    expect(await rankOf(personId(23))).toBeGreaterThan(liked);
  });
});

describe('a filter', () => {
  const passing = async (filter: Partial<UserFilter>) => {
    const people = await ask(ME, { first: 39, filter: { ...ANYONE, ...filter } });
    return idsOf(people).map((id) => Number(id.slice(-2)));
  };
  const everyone = Array.from({ length: SOCIETY - 1 }, (_, at) => at + 1);

  it.each<[string, Partial<UserFilter>, (person: number) => boolean]>([
    ['ages', { minAge: 25, maxAge: 34 }, (person) => person >= 5 && person <= 14],
    ['a place', { location: ' TOWN 2 ' }, (person) => person >= 20 && person < 30],
    ['a gender', { gender: ['F', 'x'] }, (person) => person % 3 === 0],
    ['interests', { interestsAny: ['Club 1', 'club 3'] }, (person) => person % 2 === 1],
    [
      'all at once',
      { minAge: 30, location: 'town 1', gender: ['m'], interestsAny: ['night'] },
      (person) => person >= 10 && person < 20 && person % 3 !== 0 && person % 2 === 0,
    ],
    ['nothing', { gender: [], interestsAny: [] }, () => true],
  ])('narrows by %s, and finds everyone who passes', async (_name, filter, passes) => {
    expect((await passing(filter)).sort((a, b) => a - b)).toEqual(everyone.filter(passes));
  });

  it('judges people the version does not know, and nobody by what they were', async () => {
    world.now += HOUR_MS;
    await world.stores.entities.upsertUsers(TENANT, [
      { id: 'new in town', name: 'N', location: 'Town 2' },
      { id: 'new elsewhere', name: 'E', location: 'Town 7' },
      { ...personOf(20), location: 'Town 7' },
    ]);
    for (const id of ['new in town', 'new elsewhere']) await take(id, world.planted.snapshot.items.ids[0] ?? '');
    const shown = idsOf(await ask(ME, { first: 39, filter: { ...ANYONE, location: 'town 2' } }));
    expect(shown).toContain('new in town');
    expect(shown).not.toContain('new elsewhere');
    expect(shown).not.toContain(personId(20));
  });

  it('answers nothing when nobody passes', async () => {
    expect(await ask(ME, { filter: { ...ANYONE, location: 'nowhere' } })).toMatchObject({
      recommendations: [],
      degraded: 'EMPTY',
    });
  });
});

describe('before a model knows anybody', () => {
  beforeEach(() => {
    world.snapshot = null;
  });

  it('goes by profiles and by who was active lately, and says so', async () => {
    await world.stores.entities.upsertUsers(TENANT, [{ id: 'bare', name: 'Bare' }]);
    await take(personId(7), world.planted.snapshot.items.ids[0] ?? '');
    world.now += 2 * DAY_MS;
    await take('bare', world.planted.snapshot.items.ids[0] ?? '');
    await take(personId(9), world.planted.snapshot.items.ids[0] ?? '');
    const answer = await ask('stranger', { first: 60 });
    expect(answer).toMatchObject({ degraded: 'POPULAR', algorithmVersion: 'none' });
    const ids = idsOf(answer);
    expect(ids.slice(0, 2)).toEqual([personId(9), personId(7)]);
    expect(ids.at(-1)).toBe('bare');
    expect(ids).toHaveLength(41);
  });

  it('still keeps out whom it must, and brings friends of friends', async () => {
    await act(ME, NEAREST, 'HIDE');
    await act(personId(4), ME, 'REPORT');
    await world.stores.entities.addFollows(TENANT, [
      { followerId: ME, followeeId: personId(6), createdAt: new Date(0) },
      { followerId: personId(6), followeeId: personId(33), createdAt: new Date(0) },
    ]);
    const answer = await ask(ME, { first: 60 });
    // Of those with whom the person shares no interest, the friend of a friend comes first.
    expect(idsOf(answer).find((id) => Number(id.slice(-2)) % 2 === 1)).toBe(personId(33));
    for (const out of [0, 2, 4, 6]) expect(idsOf(answer)).not.toContain(personId(out));
  });

  it('so does a version from before there were people in versions', async () => {
    world.snapshot = { ...world.planted.snapshot, people: null };
    expect(await ask(ME)).toMatchObject({ degraded: 'POPULAR', algorithmVersion: 'v1' });
  });

  it('answers nothing where there is nobody', async () => {
    const answer = await world.services.people.recommend(
      { tenant: 'empty', userId: ME, first: 5, filter: null, excludeSeen: true, sessionId: null },
      lookup,
    );
    expect(answer).toMatchObject({ recommendations: [], degraded: 'EMPTY', totalCount: 0 });
  });
});

describe('similarUsers', () => {
  it('are those close to a person, whom they follow or liked included', async () => {
    await act(ME, NEAREST, 'FOLLOW');
    await act(ME, personId(4), 'LIKE');
    const close = await like(ME, { first: 4 });
    expect(close).toEqual(expect.arrayContaining([NEAREST, personId(4)]));
    expect(close).not.toContain(ME);
  });

  it('pass the filter', async () => {
    const close = await like(ME, { first: 39, filter: { ...ANYONE, maxAge: 29 } });
    expect(close.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map(personId));
  });

  it('are nobody for someone nobody has heard of', async () => {
    expect(await like('never seen')).toEqual([]);
  });

  it('are not logged as shown', async () => {
    await like(ME);
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.stores.shown).toEqual([]);
  });
});
