import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/domain/actions.js';
import type { OpenServices } from '../../src/services/create.js';
import type { FeedOrder } from '../../src/services/feed/types.js';
import { openMemory } from '../../src/store/memory/open.js';
import type { Cache } from '../../src/store/ports/cache.js';
import { StoreAway } from '../../src/store/ports/storeAway.js';
import { newTenant } from '../helpers/events.js';
import { ruleDraft } from '../helpers/rules.js';
import { servicesOver } from '../helpers/services.js';
import { eachDatabase, type TestDatabase } from '../helpers/stores.js';

const START = Date.UTC(2026, 0, 1);
let now = START;
const clock = () => now;

interface World {
  readonly tenant: string;
  readonly services: OpenServices;
  act(userId: string, action: Action, other: string): Promise<unknown>;
  post(authorId: string, text?: string): Promise<string>;
  /** Every page to the end, with what is done between two pages. */
  pages(userId: string, first: number, order: FeedOrder, between?: () => Promise<unknown>): Promise<string[]>;
}

function worldOn(database: TestDatabase, parts: { readonly fanOutLimit?: number; readonly cache?: Cache } = {}): World {
  const stores = database.stores();
  const live = openMemory({ clock });
  const tenant = newTenant();
  const services = servicesOver(stores, { ...live, cache: parts.cache ?? live.cache }, clock, {
    posts: stores.posts,
    feed: stores.feed,
    fanOutLimit: parts.fanOutLimit ?? 1_000,
  });
  return {
    tenant,
    services,
    act: (userId, action, other) => services.feedback.send(tenant, { userId, action, target: { userId: other } }),
    async post(authorId, text = 'words') {
      now += 1_000;
      const { post } = await services.posts.create(tenant, authorId, { text, media: null });
      return post.id;
    },
    async pages(userId, first, order, between = async () => {}) {
      const ids: string[] = [];
      for (let after: string | null = null; ; ) {
        const page = await services.feed.page({ tenant, userId, first, after, order });
        ids.push(...page.edges.map(({ node }) => node.id));
        expect(page.edges.length).toBeLessThanOrEqual(first);
        if (!page.pageInfo.hasNextPage) return ids;
        expect(page.edges).toHaveLength(first);
        after = page.pageInfo.endCursor;
        await between();
      }
    },
  };
}

async function knownPeople({ services, tenant }: World, ...ids: string[]): Promise<void> {
  await services.catalog.upsertUsers(
    tenant,
    ids.map((id) => ({ id, name: id })),
  );
}

eachDatabase(
  'Feeds',
  (database) => {
    describe.each(['RANKED', 'RECENT'] as const)('%s', (order) => {
      it('stays as it was begun while people post, like and are delivered to', async () => {
        const world = worldOn(database);
        const { tenant, services } = world;
        await knownPeople(world, 'me', 'ann', 'bob', 'cy');
        for (const author of ['ann', 'bob']) await world.act('me', 'FOLLOW', author);
        const posted: string[] = [];
        for (let n = 0; n < 17; n++) posted.push(await world.post(n % 3 === 0 ? 'ann' : 'bob'));
        const still = await world.pages('me', 50, order);
        expect([...still].sort()).toEqual([...posted].sort());
        if (order === 'RECENT') expect(still).toEqual([...posted].reverse());
        const moving = await world.pages('me', 3, order, async () => {
          await world.post('ann');
          await world.act('me', 'FOLLOW', 'cy');
          await world.post('cy');
          await services.posts.like(tenant, 'me', posted[0] ?? '');
          await database.stores().feedWork.backfill(10, 0);
          const job = await database.stores().feedWork.takeJob(10);
          if (job !== null) await database.stores().feedWork.deliver(job, 1, 10);
          now += 3_600_000 / 8;
        });
        expect(moving).toEqual(still);
        expect((await world.pages('me', 50, order)).length).toBeGreaterThan(still.length);
      });

      it('is the same delivered and read where it stands', async () => {
        const worlds = [worldOn(database), worldOn(database, { fanOutLimit: 0 })];
        const feeds = [];
        for (const world of worlds) {
          now = START;
          await knownPeople(world, 'me', 'ann', 'bob');
          for (const author of ['ann', 'bob']) await world.act('me', 'FOLLOW', author);
          const places = new Map<string, number>();
          for (let n = 0; n < 12; n++) places.set(await world.post(n % 4 === 0 ? 'ann' : 'bob', `post ${n}`), n);
          const work = database.stores().feedWork;
          while ((await work.backfill(100, 0)) > 0);
          for (let job = await work.takeJob(1_000); job !== null; job = await work.takeJob(1_000)) {
            while (await work.deliver(job, 100, 1_000));
          }
          feeds.push((await world.pages('me', 5, order)).map((id) => places.get(id)));
        }
        expect(feeds[0]).toHaveLength(12);
        expect(feeds[1]).toEqual(feeds[0]);
      });
    });

    it('loses at once what may no longer be shown, in pages already begun', async () => {
      const world = worldOn(database);
      const { tenant, services } = world;
      await knownPeople(world, 'me', 'ann', 'bob', 'cy', 'dan');
      for (const author of ['ann', 'bob', 'cy', 'dan']) await world.act('me', 'FOLLOW', author);
      const dan = await world.post('dan');
      const [ann, bob, cy] = [await world.post('ann'), await world.post('bob'), await world.post('cy')];
      const [hidden, ruled, gone, first] = [
        await world.post('dan'),
        await world.post('dan', 'An #ad'),
        await world.post('dan'),
        await world.post('dan'),
      ];
      const request = { tenant, userId: 'me', first: 1, order: 'RECENT' as const };
      const page = await services.feed.page({ ...request, after: null });
      expect(page.edges.map(({ node }) => node.id)).toEqual([first]);
      await world.act('me', 'UNFOLLOW', 'ann');
      await world.act('me', 'BLOCK', 'bob');
      await world.act('cy', 'BLOCK', 'me');
      await services.feedback.send(tenant, { userId: 'me', action: 'HIDE', target: { itemId: hidden } });
      await services.rules.upsert(tenant, ruleDraft('no-ads', { surfaces: ['feed'] }, { tagsAny: ['ad'] }));
      await services.posts.delete({ tenant, userId: 'dan', role: 'user' }, gone);
      const next = await services.feed.page({ ...request, first: 10, after: page.pageInfo.endCursor });
      expect(next.edges.map(({ node }) => node.id)).toEqual([dan]);
      expect(next.pageInfo.hasNextPage).toBe(false);
      expect([ann, bob, cy, hidden, ruled, gone]).not.toContain(dan);
    });

    it('of someone who follows nobody, is what others post, and says so', async () => {
      const world = worldOn(database);
      const { tenant, services } = world;
      const empty = await services.feed.page({ tenant, userId: 'me', first: 5, after: null, order: 'RANKED' });
      expect(empty).toMatchObject({ source: 'RECOMMENDED', edges: [], pageInfo: { hasNextPage: false } });
      await knownPeople(world, 'me', 'ann');
      const posted = [await world.post('ann'), await world.post('ann'), await world.post('ann')];
      await world.post('me');
      expect((await world.pages('me', 2, 'RANKED')).sort()).toEqual([...posted].sort());
      await world.act('me', 'FOLLOW', 'ann');
      const page = await services.feed.page({ tenant, userId: 'me', first: 5, after: null, order: 'RANKED' });
      expect(page.source).toBe('FOLLOWED');
    });

    it('refuses cursors that are not its own, and those of a feed that has ended', async () => {
      const world = worldOn(database);
      const { tenant, services } = world;
      await knownPeople(world, 'me', 'you', 'ann');
      for (const person of ['me', 'you']) await world.act(person, 'FOLLOW', 'ann');
      for (let n = 0; n < 3; n++) await world.post('ann');
      const ask = (userId: string, after: string | null) =>
        services.feed.page({ tenant, userId, first: 1, after, order: 'RANKED' });
      const { pageInfo } = await ask('me', null);
      expect((await ask('me', pageInfo.endCursor)).edges).toHaveLength(1);
      for (const cursor of ['', 'x', `${pageInfo.endCursor}a`, Buffer.from('a.b').toString('base64url')]) {
        await expect(ask('me', cursor)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      }
      await expect(ask('you', pageInfo.endCursor)).rejects.toMatchObject({ extensions: { field: 'after' } });
      now += 3_600_001;
      await expect(ask('me', pageInfo.endCursor)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    });

    it('has one page while feeds cannot be kept', async () => {
      const { cache } = openMemory({ clock });
      const away: Cache = {
        ...cache,
        setIfAbsent: async () => {
          throw new StoreAway('away');
        },
      };
      const world = worldOn(database, { cache: away });
      await knownPeople(world, 'me', 'ann');
      await world.act('me', 'FOLLOW', 'ann');
      for (let n = 0; n < 3; n++) await world.post('ann');
      expect(await world.pages('me', 2, 'RECENT')).toHaveLength(2);
    });

    it('likes are feedback, once, and posts say what they are', async () => {
      const world = worldOn(database);
      const { tenant, services } = world;
      await knownPeople(world, 'me', 'ann');
      const id = await world.post('ann', 'First light\nover the #Harbour, #harbour and #Sea');
      const [item] = await database.stores().entities.items(tenant, [id]);
      expect(item).toMatchObject({ title: 'First light', tags: ['harbour', 'sea'] });
      const ask = { tenant, userId: 'me' };
      expect((await services.posts.like(tenant, 'me', id)).likes).toBe(1);
      expect((await services.posts.unlike(tenant, 'me', id)).likes).toBe(0);
      expect((await services.posts.like(tenant, 'me', id)).likes).toBe(1);
      expect(await database.stores().entities.itemStats(tenant, [id])).toMatchObject([{ likes: 1 }]);
      await services.posts.comment(tenant, 'me', id, 'Well!');
      expect((await services.posts.comments(tenant, null, id, 5, null)).edges).toHaveLength(1);
      const refused = (work: Promise<unknown>, code: string, field: string) =>
        expect(work).rejects.toMatchObject({ code, extensions: { field } });
      await refused(services.posts.like(tenant, 'me', 'none'), 'NOT_FOUND', 'id');
      await refused(services.posts.comment(tenant, 'me', 'none', 'x'), 'NOT_FOUND', 'id');
      await refused(services.posts.comment(tenant, 'me', id, ' '), 'BAD_USER_INPUT', 'text');
      await refused(services.posts.create(tenant, 'me', { text: '', media: null }), 'BAD_USER_INPUT', 'text');
      const svg = { type: 'image/svg+xml', bytes: 5 };
      await refused(services.posts.create(tenant, 'me', { text: 'x', media: svg }), 'BAD_USER_INPUT', 'media.type');
      const large = { type: 'image/png', bytes: 1e9 };
      await refused(services.posts.create(tenant, 'me', { text: 'x', media: large }), 'BAD_USER_INPUT', 'media.bytes');
      await expect(services.posts.delete({ ...ask, role: 'user' }, id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      expect(await services.posts.delete({ ...ask, role: 'admin' }, id)).toBe(true);
      expect(await services.posts.delete({ ...ask, role: 'admin' }, id)).toBe(false);
    });
  },
  { clock },
);
