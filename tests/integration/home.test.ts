import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Post } from '../../src/domain/posts.js';
import { readExamples } from '../../src/graphql/examples.js';
import type { ServiceDeps } from '../../src/services/create.js';
import type { EntityStore } from '../../src/store/ports/entityStore.js';
import { NO_POSTS } from '../helpers/posts.js';
import { startServer } from '../helpers/server.js';
import { createWorld, TENANT, type World } from '../helpers/services.js';
import { START } from '../helpers/snapshot.js';

/** The page of the playground, asked of the real server and services while one read of one store does not answer. */
const HOME = readExamples().find(({ name }) => name === '0-home')?.query ?? '';

const list = z.object({ degraded: z.string(), recommendations: z.array(z.unknown()) });
const page = z.object({
  viewer: z.object({ id: z.string() }).nullable(),
  recommendations: list,
  recommendedUsers: list,
  trending: z.array(z.object({ item: z.object({ id: z.string() }) })),
  feed: z.object({
    degraded: z.string(),
    edges: z.array(z.object({ node: z.object({ id: z.string() }) })),
  }),
});

const POSTS: readonly Post[] = ['horror-003', 'comedy-003'].map((id) => ({
  id,
  authorId: 'p-0',
  media: null,
  createdAt: new Date(START),
  likes: 0,
  comments: 0,
}));
const postOf = (id: string) => POSTS.find((post) => post.id === id) ?? null;
const FEED: ServiceDeps['feed'] = {
  ...NO_POSTS.feed,
  followed: async () => POSTS.map(({ id, authorId }) => ({ id, authorId, createdAt: START, likes: 0, tags: [] })),
  stillFollowed: async (_tenant, _user, ids) => ids.map(postOf),
};

/** A read that answers when the test is over. */
const gate: { read: <T>() => Promise<T>; open(): void; waiting: number } = (() => {
  let release: ((reason: Error) => void)[] = [];
  return {
    waiting: 0,
    read<T>() {
      gate.waiting += 1;
      return new Promise<T>((_, reject) => release.push(reject));
    },
    open() {
      for (const reject of release) reject(new Error('the test is over'));
      release = [];
      gate.waiting = 0;
    },
  };
})();

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  gate.open();
  for (const end of endings.splice(0).reverse()) await end();
});

/** A server over the planted world, in which twelve people like `horror-001`; `slow` makes some of its reads wait. */
async function open(slow: (world: World) => { stores?: Partial<ServiceDeps>; entities?: EntityStore }) {
  const world = createWorld();
  for (let person = 0; person < 12; person++) {
    const userId = `p-${person}`;
    await world.services.feedback.send(TENANT, { userId, action: 'LIKE', target: { itemId: 'horror-001' } });
  }
  await world.services.feedback.send(TENANT, { userId: 'ann', action: 'LIKE', target: { itemId: 'horror-002' } });
  const { stores = {}, entities = world.stores.entities } = slow(world);
  const services = world.node({ deadlineMs: 500, stores: { feed: FEED, ...stores } });
  const server = await startServer({ services, entities, env: { CURIO_DEADLINE_MS: '500' } });
  endings.push(server.close, services.dispose);
  const token = await server.token('ann', 'user', TENANT);
  return async () => {
    const { data, errors, extensions } = await server.gql(HOME, {}, token);
    const { viewer, recommendations, recommendedUsers, trending, feed } = page.parse(data);
    return {
      viewer: viewer?.id ?? null,
      recommendations: [recommendations.degraded, recommendations.recommendations.length],
      recommendedUsers: [recommendedUsers.degraded, recommendedUsers.recommendations.length],
      trending: trending.map(({ item }) => item.id),
      feed: [feed.degraded, feed.edges.length],
      failed: errors?.map(({ path, extensions: { code } }) => [path, code]) ?? [],
      named: extensions?.degraded ?? [],
    };
  };
}

const WHOLE = {
  viewer: 'ann',
  // The model of this world has no ranker and knows no people.
  recommendations: ['HEURISTIC_RANKER', 10],
  recommendedUsers: ['POPULAR', 5],
  trending: ['horror-001'],
  feed: ['NONE', 2],
  failed: [],
  named: [],
};

it('is whole while every store answers', async () => {
  const ask = await open(() => ({}));
  await expect.poll(ask).toEqual(WHOLE);
});

it('comes without the viewer, who has an error, while their row is not read', async () => {
  const ask = await open(({ stores: { entities } }) => ({
    entities: {
      ...entities,
      users: (tenant, ids) => (ids.includes('ann') ? gate.read() : entities.users(tenant, ids)),
    },
  }));
  await expect.poll(ask).toEqual({
    ...WHOLE,
    viewer: null,
    failed: [[['viewer'], 'TIMEOUT']],
  });
  expect(gate.waiting).toBeGreaterThan(0);
});

it('comes with poorer lists for a stranger while what the person did is not read', async () => {
  const ask = await open(({ stores: { eventLog } }) => ({
    stores: { eventLog: { ...eventLog, personEvents: () => gate.read() } },
  }));
  await expect.poll(ask).toEqual({
    ...WHOLE,
    recommendations: ['POPULAR', 10],
    feed: ['POPULAR', 2],
  });
  expect(gate.waiting).toBeGreaterThan(0);
});

it('comes without people, and says so, while it is not read who blocks whom', async () => {
  const ask = await open(({ stores: { eventLog } }) => ({
    stores: { eventLog: { ...eventLog, actsOf: () => gate.read() } },
  }));
  await expect.poll(ask).toEqual({ ...WHOLE, recommendedUsers: ['EMPTY', 0] });
  expect(gate.waiting).toBeGreaterThan(0);
});

it('comes with no feed, and says so, while posts are not read', async () => {
  const ask = await open(() => ({ stores: { feed: { ...FEED, followed: () => gate.read() } } }));
  await expect.poll(ask).toEqual({ ...WHOLE, feed: ['EMPTY', 0] });
  expect(gate.waiting).toBeGreaterThan(0);
});

it('comes with a feed in another order while it is not read whose posts the person likes', async () => {
  const ask = await open(() => ({ stores: { feed: { ...FEED, likedAuthors: () => gate.read() } } }));
  await expect.poll(ask).toEqual({ ...WHOLE, feed: ['POPULAR', 2] });
  expect(gate.waiting).toBeGreaterThan(0);
});

it('comes without what trends, and names it, while the counts are not read', async () => {
  const ask = await open(({ counters }) => ({ stores: { counters: { ...counters, top: () => gate.read() } } }));
  await expect.poll(ask).toEqual({ ...WHOLE, trending: [], named: ['trending'] });
  expect(gate.waiting).toBeGreaterThan(0);
});

it('comes with what trended before, and names it, once the counts are not read any more', async () => {
  let slow = false;
  let world: World | undefined;
  const ask = await open((opened) => {
    world = opened;
    const { counters } = opened;
    const top: typeof counters.top = (...args) => (slow ? gate.read() : counters.top(...args));
    return { stores: { counters: { ...counters, top } } };
  });
  await expect.poll(ask).toEqual(WHOLE);
  slow = true;
  // Later than what was read is believed.
  if (world !== undefined) world.now += 6_000;
  await expect.poll(ask).toEqual({ ...WHOLE, named: ['trending'] });
  expect(gate.waiting).toBeGreaterThan(0);
});

it('shows no items while the rules are not read, since one may keep them out', async () => {
  const ask = await open(({ stores: { rules } }) => ({ stores: { rules: { ...rules, list: () => gate.read() } } }));
  await expect.poll(ask).toEqual({
    ...WHOLE,
    recommendations: ['EMPTY', 0],
    trending: [],
    named: ['trending'],
    feed: ['EMPTY', 0],
  });
  expect(gate.waiting).toBeGreaterThan(0);
});
