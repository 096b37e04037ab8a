import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/domain/clock.js';
import { isId } from '../../../src/domain/ids.js';
import { createTasteModel } from '../../../src/sample/taste.js';
import { generateWorld } from '../../../src/sample/world.js';
import { checkItem, checkUser } from '../../../src/services/catalog/checkDrafts.js';

const NOW = Date.UTC(2026, 10, 20, 10, 37);
const OPTIONS = { users: 400, items: 300, seed: 1, now: NOW };
const world = generateWorld(OPTIONS);
const events = [...world.history()];
const bytesOf = (options: typeof OPTIONS) => {
  const { people, items, follows, posts, history, lately } = generateWorld(options);
  const plain = people.map(({ taste, ...person }) => ({
    ...person,
    taste: { ...taste, categories: [...taste.categories] },
  }));
  return JSON.stringify([plain, items, follows, posts, [...history(), ...lately()]]);
};

/** What each person did with each item they came across. */
const meetings = new Map<string, Set<string>>();
for (const { userId, target, action } of events) {
  if (!('itemId' in target)) continue;
  const key = `${userId} ${target.itemId}`;
  meetings.set(key, (meetings.get(key) ?? new Set()).add(action));
}
const person = new Map(world.people.map((one) => [one.id, one]));
const item = new Map(world.items.map((one) => [one.id, one]));

/** Share of the meetings, of those for which `chosen` holds, that led to more than a look. */
function likeRate(chosen: (userId: string, itemId: string) => boolean): number {
  let met = 0;
  let liked = 0;
  for (const [key, actions] of meetings) {
    const [userId = '', itemId = ''] = key.split(' ');
    if (!chosen(userId, itemId)) continue;
    met++;
    if (['APPLY', 'LIKE', 'SAVE', 'SHARE'].some((action) => actions.has(action))) liked++;
  }
  expect(met).toBeGreaterThan(500);
  return liked / met;
}

describe('the sample world', () => {
  it('is the same, byte for byte, for the same options, and another for another seed', () => {
    const small = { ...OPTIONS, users: 60, items: 50 };
    expect(bytesOf(small)).toBe(bytesOf(small));
    expect(bytesOf({ ...small, seed: 2 })).not.toBe(bytesOf(small));
    expect([...world.history()]).toEqual(events);
  });

  it('moves in time with its moment and is otherwise unchanged', () => {
    const later = generateWorld({ ...OPTIONS, now: NOW + 3 * DAY_MS });
    expect(later.people.map(({ draft }) => draft.name)).toEqual(world.people.map(({ draft }) => draft.name));
    for (const [index, { createdAt }] of later.items.entries()) {
      expect(createdAt?.getTime()).toBe((world.items[index]?.createdAt?.getTime() ?? 0) + 3 * DAY_MS);
    }
  });

  it('has people and lenses that the API would accept, under readable ids', () => {
    expect(world.people.map(({ id }) => id).slice(0, 2)).toEqual(['user-1', 'user-2']);
    expect(world.items.map(({ id }) => id).slice(0, 2)).toEqual(['lens-1', 'lens-2']);
    for (const { draft } of world.people) {
      checkUser(draft);
      expect(draft.age).toBeGreaterThanOrEqual(13);
      expect(draft.age).toBeLessThanOrEqual(70);
      expect(draft.interests?.length).toBeGreaterThan(0);
    }
    for (const draft of world.items) {
      checkItem(draft);
      expect(draft.previewUrl).toBe(`/previews/${draft.id}.svg`);
      expect(person.has(draft.authorId ?? '')).toBe(true);
    }
    expect(new Set(world.items.map(({ title }) => title)).size).toBeGreaterThan(0.9 * world.items.length);
  });

  it('tells a history that can have happened', () => {
    const ids = new Set<string>();
    const made = new Map(
      [...world.items, ...world.posts.map(({ draft }) => draft)].map((one) => [one.id, one.createdAt]),
    );
    for (const { eventId, userId, target, occurredAt, durationMs } of [...events, ...world.lately()]) {
      expect(isId(eventId) && !ids.has(eventId)).toBe(true);
      ids.add(eventId);
      const begun = 'itemId' in target ? made.get(target.itemId) : undefined;
      const joined = person.get(userId)?.draft.createdAt;
      expect(begun && begun.getTime() <= occurredAt).toBe(true);
      expect(joined && joined.getTime() <= occurredAt).toBe(true);
      expect(occurredAt).toBeLessThan(NOW);
      expect(durationMs ?? 0).toBeGreaterThanOrEqual(0);
    }
    for (const { draft } of world.posts) {
      expect(draft.createdAt.getTime()).toBeLessThan(NOW);
      expect(draft.createdAt >= (person.get(draft.authorId)?.draft.createdAt ?? 0)).toBe(true);
    }
    for (const { followerId, followeeId, createdAt } of world.follows) {
      expect(followerId).not.toBe(followeeId);
      expect(createdAt.getTime()).toBeLessThanOrEqual(NOW);
    }
  });

  it('plants taste: people like more of what is in their interests, and of what appeals to them within it', () => {
    const within = (userId: string, itemId: string) =>
      person.get(userId)?.draft.interests?.includes(item.get(itemId)?.category ?? '') === true;
    const inside = likeRate(within);
    expect(inside).toBeGreaterThan(1.7 * likeRate((userId, itemId) => !within(userId, itemId)));

    const tastes = createTasteModel(OPTIONS.seed);
    const appeal = (userId: string, itemId: string) => {
      const who = person.get(userId);
      const what = item.get(itemId);
      if (!who || !what) return 0;
      return tastes.appeal(who.taste, { id: what.id, category: what.category ?? null, tags: what.tags ?? [] });
    };
    const high = likeRate((userId, itemId) => appeal(userId, itemId) > 0.6);
    const low = likeRate((userId, itemId) => appeal(userId, itemId) < 0.2);
    expect(high).toBeGreaterThan(0.55);
    expect(low).toBeLessThan(0.15);
  });

  it('has a long tail of popularity, new lenses and hours of the day', () => {
    const uses = new Map<string, number>();
    const hours = new Map<string, number>();
    for (const { target, occurredAt, action } of events) {
      if (!('itemId' in target) || action === 'SKIP') continue;
      uses.set(target.itemId, (uses.get(target.itemId) ?? 0) + 1);
      const category = item.get(target.itemId)?.category ?? '';
      const hour = new Date(occurredAt).getUTCHours();
      const late = hour >= 20 || hour < 2 ? 'late' : hour >= 6 && hour < 13 ? 'early' : '';
      hours.set(`${category} ${late}`, (hours.get(`${category} ${late}`) ?? 0) + 1);
    }
    const counts = [...uses.values()].sort((a, b) => b - a);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const top = counts.slice(0, world.items.length / 10).reduce((sum, count) => sum + count, 0);
    expect(top / total).toBeGreaterThan(0.25);
    expect(uses.size).toBeGreaterThan(0.85 * world.items.length);
    expect(
      world.items.filter(({ createdAt }) => NOW - (createdAt?.getTime() ?? 0) < 7 * DAY_MS).length,
    ).toBeGreaterThan(3);
    const share = (category: string, time: string) =>
      (hours.get(`${category} ${time}`) ?? 0) / (hours.get(`comedy ${time}`) ?? 1);
    expect(share('beauty', 'early')).toBeGreaterThan(share('beauty', 'late'));
  });

  it('has people who follow those like them, and a few whom many follow', () => {
    const first = (id: string) => person.get(id)?.draft.interests?.[0];
    const alike = world.follows.filter(({ followerId, followeeId }) => first(followerId) === first(followeeId)).length;
    expect(alike / world.follows.length).toBeGreaterThan(0.4);
    const followers = new Map<string, number>();
    for (const { followeeId } of world.follows) followers.set(followeeId, (followers.get(followeeId) ?? 0) + 1);
    const mean = world.follows.length / followers.size;
    expect(Math.max(...followers.values())).toBeGreaterThan(2.5 * mean);
  });
});
