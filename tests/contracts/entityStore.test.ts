import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item, User } from '../../src/domain/entities.js';
import { silentLog } from '../../src/domain/log.js';
import { PEOPLE_SURFACE } from '../../src/domain/shown.js';
import { createCachedEntities } from '../../src/store/cached/entityStore.js';
import { openMemory } from '../../src/store/memory/open.js';
import type { EntityStore, FollowPage } from '../../src/store/ports/entityStore.js';
import { AWKWARD_TEXTS, eventOf, newTenant } from '../helpers/events.js';
import { shownList } from '../helpers/shown.js';
import { eachDatabase, type TestDatabase } from '../helpers/stores.js';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const ALL = { createMissing: 'all' } as const;
const USERS = { createMissing: 'users' } as const;

/** In front of a database, with everything it reads by id kept in the process. */
function keeping(database: TestDatabase): () => EntityStore {
  const live = openMemory({ clock: () => NOW });
  let kept: EntityStore | undefined;
  return () => {
    const deps = { cache: live.cache, pubSub: live.pubSub, newId: randomUUID, clock: Date.now, log: silentLog };
    kept ??= createCachedEntities(database.stores().entities, deps);
    return kept;
  };
}

const REPLICA = ', with a replica';

describe.each(['', ', kept in the process', REPLICA])('EntityStore%s', (kept) => {
  eachDatabase(
    'EntityStore',
    (database) => {
      const entities = kept === ', kept in the process' ? keeping(database) : () => database.stores().entities;
      const log = () => database.stores().eventLog;

      async function itemPages(tenant: string): Promise<(readonly Item[])[]> {
        const found: (readonly Item[])[] = [];
        for await (const page of entities().scanItems(tenant)) found.push(page);
        return found;
      }

      describe('upsert', () => {
        it('writes every member and reads it back', async () => {
          const tenant = newTenant();
          const user = {
            id: 'u',
            name: 'Ünï 🎬',
            age: 41,
            gender: 'f',
            location: 'Zürich',
            bio: "it's",
            interests: ['a, b', '"c"'],
            personalised: true,
            createdAt: new Date(86_400_001),
          };
          const item = {
            id: 'i',
            kind: 'film',
            title: 'Title',
            description: 'Text',
            category: 'drama',
            tags: ['x', 'NULL', ''],
            previewUrl: 'https://example.org/x.svg',
            authorId: 'u',
            attributes: { deep: { list: [1.5, null, true, 'x'] } },
            createdAt: new Date(-1),
          };
          expect(await entities().upsertUsers(tenant, [user])).toEqual({ created: 1, updated: 0 });
          expect(await entities().upsertItems(tenant, [item])).toEqual({ created: 1, updated: 0 });
          expect(await entities().users(tenant, ['u'])).toEqual([user]);
          expect(await entities().items(tenant, ['i'])).toEqual([{ ...item, hiddenAt: null }]);
        });

        it('takes what is left out as empty, and the time of writing as the time of creation', async () => {
          const tenant = newTenant();
          await entities().upsertUsers(tenant, [
            { id: 'u', name: 'U', age: 7, interests: ['x'], createdAt: new Date(9) },
          ]);
          await entities().upsertUsers(tenant, [
            { id: 'u', name: 'U' },
            { id: 'v', name: 'V' },
          ]);
          const empty = { age: null, gender: null, location: null, bio: null, interests: [], personalised: true };
          expect(await entities().users(tenant, ['u', 'v'])).toEqual([
            { id: 'u', name: 'U', ...empty, createdAt: new Date(9) },
            { id: 'v', name: 'V', ...empty, createdAt: new Date(NOW) },
          ]);
          await entities().upsertItems(tenant, [{ id: 'i', kind: 'k', title: 'I', attributes: { a: 1 }, tags: ['t'] }]);
          await entities().upsertItems(tenant, [{ id: 'i', kind: 'k', title: 'I' }]);
          expect(await entities().items(tenant, ['i'])).toEqual([
            {
              id: 'i',
              kind: 'k',
              title: 'I',
              description: null,
              category: null,
              tags: [],
              previewUrl: null,
              authorId: null,
              attributes: null,
              createdAt: new Date(NOW),
              hiddenAt: null,
            },
          ]);
        });

        it('lets later drafts of an id win, counts each id once, and writes nothing that stays the same', async () => {
          const tenant = newTenant();
          const first = [
            { id: 'a', kind: 'k', title: 'one' },
            { id: 'b', kind: 'k', title: 'b', createdAt: new Date(5) },
            { id: 'a', kind: 'k', title: 'two' },
          ];
          expect(await entities().upsertItems(tenant, first)).toEqual({ created: 2, updated: 0 });
          expect((await entities().items(tenant, ['a']))[0]?.title).toBe('two');
          const versions = () =>
            database.sql('SELECT id, xmin::text FROM items WHERE tenant = $1 ORDER BY id', [tenant]);
          const before = await versions();
          expect(await entities().upsertItems(tenant, first)).toEqual({ created: 0, updated: 2 });
          expect(await versions()).toEqual(before);
          const changed = [
            { id: 'b', kind: 'k', title: 'b', createdAt: new Date(6) },
            { id: 'c', kind: 'k', title: 'c' },
          ];
          expect(await entities().upsertItems(tenant, changed)).toEqual({ created: 1, updated: 1 });
          expect((await entities().items(tenant, ['b']))[0]?.createdAt).toEqual(new Date(6));
          expect(await entities().upsertItems(tenant, [])).toEqual({ created: 0, updated: 0 });
        });

        it('can be done by many at once', async () => {
          const tenant = newTenant();
          const drafts = Array.from({ length: 50 }, (_, n) => ({ id: `i${n}`, kind: 'k', title: `${n}` }));
          const counts = await Promise.all(
            Array.from({ length: 8 }, (_, caller) =>
              entities().upsertItems(tenant, caller % 2 === 0 ? drafts : [...drafts].reverse()),
            ),
          );
          expect(counts.reduce((sum, count) => sum + count.created, 0)).toBe(50);
          expect(await entities().countItems(tenant)).toBe(50);
        });

        it('keeps any text', async () => {
          const text = fc.oneof(
            fc.constantFrom(...AWKWARD_TEXTS),
            fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => !value.includes('\0')),
          );
          await fc.assert(
            fc.asyncProperty(
              fc.uniqueArray(
                fc.record({ id: text, name: text, bio: text, interests: fc.array(text, { maxLength: 4 }) }),
                {
                  maxLength: 10,
                  selector: (user) => user.id,
                },
              ),
              async (users) => {
                const tenant = newTenant();
                expect(await entities().upsertUsers(tenant, users)).toEqual({ created: users.length, updated: 0 });
                const ids = users.map((user) => user.id);
                expect(await entities().users(tenant, ids)).toMatchObject(users);
              },
            ),
            { numRuns: 30 },
          );
        });

        it('refuses what cannot be stored, without a trace', async () => {
          const tenant = newTenant();
          const drafts = [
            { id: 'good', name: 'Good' },
            { id: 'bad', name: 'nul\0' },
          ];
          await expect(entities().upsertUsers(tenant, drafts)).rejects.toThrow();
          expect(await entities().users(tenant, ['good', 'bad'])).toEqual([null, null]);
        });
      });

      describe('reads', () => {
        it('keep order and length, with null for what is unknown and twice what is asked twice', async () => {
          const tenant = newTenant();
          await entities().upsertUsers(tenant, [
            { id: 'a', name: 'A' },
            { id: 'b', name: 'B' },
          ]);
          const users = await entities().users(tenant, ['b', 'x', 'a', 'b']);
          expect(users.map((user) => user?.name ?? null)).toEqual(['B', null, 'A', 'B']);
          expect(await entities().users(tenant, [])).toEqual([]);
          expect(await entities().items(tenant, ['a', 'b'])).toEqual([null, null]);
        });

        it('take more ids than a statement has parameters', async () => {
          const tenant = newTenant();
          await entities().upsertItems(tenant, [{ id: '69999', kind: 'k', title: 'last' }]);
          const ids = Array.from({ length: 70_000 }, (_, n) => String(n));
          const items = await entities().items(tenant, ids);
          expect(items).toHaveLength(70_000);
          expect(items.filter((item) => item !== null)).toMatchObject([{ id: '69999' }]);
          expect(items.at(-1)?.title).toBe('last');
        });

        it('never cross tenants', async () => {
          const [a, b] = [newTenant(), newTenant()];
          await entities().upsertUsers(a, [{ id: 'same', name: 'of a' }]);
          await entities().upsertUsers(b, [{ id: 'same', name: 'of b' }]);
          await entities().upsertItems(a, [{ id: 'only a', kind: 'k', title: 'A' }]);
          expect((await entities().users(a, ['same']))[0]?.name).toBe('of a');
          expect((await entities().users(b, ['same']))[0]?.name).toBe('of b');
          expect(await entities().items(b, ['only a'])).toEqual([null]);
          expect(await entities().countItems(b)).toBe(0);
          expect(await itemPages(b)).toEqual([]);
          expect(await entities().popularItems(b, 10)).toEqual([]);
          expect(await entities().hideItem(b, 'only a')).toBeNull();
          expect((await entities().items(a, ['only a']))[0]?.hiddenAt).toBeNull();
        });

        it('know when each person was last active, and nothing of who never was', async () => {
          const tenant = newTenant();
          const events = [7_000, 9_001, 8_000].map((occurredAt, n) => eventOf({ tenant, eventId: `${n}`, occurredAt }));
          const social = eventOf({ tenant, eventId: 's', userId: 'v', target: { userId: 'w' }, occurredAt: 5 });
          await log().append([...events, social], ALL);
          expect(await entities().lastActive(tenant, ['w', 'u', 'v', 'u'])).toEqual([null, 9_001, 5, 9_001]);
        });

        it('count nothing for an item nobody has touched', async () => {
          const zero = { views: 0, likes: 0, saves: 0, shares: 0, popularity: 0 };
          expect(await entities().itemStats(newTenant(), ['x', 'y'])).toEqual([zero, zero]);
        });
      });

      it('lists items by falling popularity, then id, without hidden ones', async () => {
        const tenant = newTenant();
        const ids = ['a', 'b', 'c', 'd', 'e', 'Z'];
        await entities().upsertItems(
          tenant,
          ids.map((id) => ({ id, kind: 'k', title: id })),
        );
        const likes = { a: 1, b: 3, c: 1, d: 5 };
        const events = Object.entries(likes).flatMap(([itemId, count]) =>
          Array.from({ length: count }, (_, n) =>
            eventOf({ tenant, eventId: `${itemId} ${n}`, target: { itemId }, action: 'LIKE' }),
          ),
        );
        const look = eventOf({ tenant, eventId: 'look', target: { itemId: 'e' }, action: 'VIEW' });
        await log().append([...events, look], USERS);
        await entities().hideItem(tenant, 'd');
        const all = await entities().popularItems(tenant, 100);
        expect(all).toEqual([
          { id: 'b', popularity: 3 },
          { id: 'a', popularity: 1 },
          { id: 'c', popularity: 1 },
          { id: 'Z', popularity: 0 },
          { id: 'e', popularity: 0 },
        ]);
        for (const limit of [1, 3, 4, 5]) {
          expect(await entities().popularItems(tenant, limit)).toEqual(all.slice(0, limit));
        }
      });

      it('finds what was written, hidden or lost its author since a moment, newest first', async () => {
        const tenant = newTenant();
        const draft = (id: string, parts = {}) => ({ id, kind: 'k', title: id, ...parts });
        const ids = async (since: number, most = 10) =>
          (await entities().changedItems(tenant, since, most)).map(({ id }) => id);
        await entities().upsertUsers(tenant, [{ id: 'u', name: 'U' }]);
        await entities().upsertItems(
          tenant,
          ['a', 'b', 'c', 'd', 'e'].map((id) => draft(id, id === 'd' ? { authorId: 'u' } : {})),
        );
        await entities().upsertItems(newTenant(), [draft('elsewhere')]);
        expect(await ids(NOW)).toEqual(['a', 'b', 'c', 'd', 'e']);
        expect(await ids(NOW + 1)).toEqual([]);
        // Each a day older than the one before.
        await database.sql(
          `UPDATE items SET updated_at = to_timestamp($2 / 1000.0) - (ascii(id) - 96) * interval '1 day' WHERE tenant = $1`,
          [tenant, NOW],
        );
        expect(await ids(0)).toEqual(['a', 'b', 'c', 'd', 'e']);
        expect(await ids(0, 2)).toEqual(['a', 'b']);
        expect(await ids(NOW)).toEqual([]);
        await entities().upsertItems(tenant, [draft('a'), draft('e', { title: 'another' })]);
        await entities().hideItem(tenant, 'c');
        await entities().eraseUser(tenant, 'u');
        expect(await ids(NOW)).toEqual(['c', 'd', 'e']);
        const [hidden, authorless, written] = await entities().changedItems(tenant, NOW, 10);
        expect(hidden?.hiddenAt).toEqual(new Date(NOW));
        expect(authorless?.authorId).toBeNull();
        expect(written).toEqual((await entities().items(tenant, ['e']))[0]);
      });

      it('scans every item once, in the order of the bytes of their ids', async () => {
        const tenant = newTenant();
        const odd = ['', 'A', 'a', 'Ä', 'z', 'é', '\uFF01', '😀', 'a b', 'a-b', 'ab', '0'];
        const ids = [...odd, ...Array.from({ length: 4_500 }, (_, n) => `item ${(n * 7919) % 4_500}`)];
        await entities().upsertItems(
          tenant,
          ids.map((id) => ({ id, kind: 'k', title: id })),
        );
        await entities().hideItem(tenant, 'a');
        const found = await itemPages(tenant);
        expect(found.length).toBeGreaterThan(1);
        const byBytes = [...ids].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
        expect(found.flat().map((item) => item.id)).toEqual(byBytes);
        expect(await entities().countItems(tenant)).toBe(ids.length);
      });

      it('scans every user once, in the order of the bytes of their ids', async () => {
        const tenant = newTenant();
        const ids = [...AWKWARD_TEXTS, ...Array.from({ length: 2_500 }, (_, n) => `user ${(n * 7919) % 2_500}`)];
        await entities().upsertUsers(
          tenant,
          ids.map((id) => ({ id, name: `name of ${id}`, interests: ['x', id] })),
        );
        await entities().upsertUsers(newTenant(), [{ id: 'of another tenant', name: 'A' }]);
        const pages: (readonly User[])[] = [];
        for await (const page of entities().scanUsers(tenant)) pages.push(page);
        expect(pages.length).toBeGreaterThan(1);
        const byBytes = [...ids].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
        expect(pages.flat()).toEqual(await entities().users(tenant, byBytes));
      });

      it('scans every follow once, by follower, then followee', async () => {
        const tenant = newTenant();
        const people = ['a', 'A', 'é', '😀', ...Array.from({ length: 150 }, (_, n) => `p ${n}`)];
        const follows = people.flatMap((followerId, one) =>
          people
            .filter((followeeId) => followeeId !== followerId)
            .map((followeeId, other) => ({ followerId, followeeId, createdAt: new Date(1_000 * one + other) })),
        );
        await entities().addFollows(tenant, follows);
        await entities().addFollows(newTenant(), [{ followerId: 'x', followeeId: 'y', createdAt: new Date(1) }]);
        const pages: FollowPage[] = [];
        for await (const page of entities().scanFollows(tenant)) pages.push(page);
        expect(pages.length).toBeGreaterThan(1);
        const found = pages.flatMap(({ followerIds, followeeIds, createdAt }) =>
          followerIds.map((followerId, row) => ({
            followerId,
            followeeId: followeeIds[row] ?? '',
            createdAt: new Date(createdAt[row] ?? Number.NaN),
          })),
        );
        const bytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
        follows.sort((a, b) => bytes(a.followerId, b.followerId) || bytes(a.followeeId, b.followeeId));
        expect(found).toEqual(follows);
        const none: FollowPage[] = [];
        for await (const page of entities().scanFollows(newTenant())) none.push(page);
        expect(none).toEqual([]);
      });

      it('hides an item once and for all, whatever is written to it later', async () => {
        const tenant = newTenant();
        await entities().upsertItems(tenant, [{ id: 'i', kind: 'k', title: 'I' }]);
        const hidden = await entities().hideItem(tenant, 'i');
        expect(hidden).toMatchObject({ id: 'i', title: 'I', hiddenAt: new Date(NOW) });
        expect(await entities().hideItem(tenant, 'i')).toEqual(hidden);
        await entities().upsertItems(tenant, [{ id: 'i', kind: 'k', title: 'New' }]);
        expect(await entities().items(tenant, ['i'])).toMatchObject([{ title: 'New', hiddenAt: new Date(NOW) }]);
        expect(await entities().hideItem(tenant, 'x')).toBeNull();
      });

      it('adds follows once and removes them', async () => {
        const tenant = newTenant();
        const follow = (followerId: string, followeeId: string, at = 1) => ({
          followerId,
          followeeId,
          createdAt: new Date(at),
        });
        const read = () =>
          database.sql(
            'SELECT follower_id || followee_id AS pair, created_at FROM follows WHERE tenant = $1 ORDER BY 1',
            [tenant],
          );
        expect(await entities().addFollows(tenant, [follow('a', 'b', 7), follow('a', 'b', 3), follow('b', 'a')])).toBe(
          2,
        );
        expect(await entities().addFollows(tenant, [follow('a', 'b', 9), follow('a', 'c')])).toBe(1);
        expect(await entities().addFollows(tenant, [])).toBe(0);
        expect(await read()).toEqual([
          { pair: 'ab', created_at: new Date(3) },
          { pair: 'ac', created_at: new Date(1) },
          { pair: 'ba', created_at: new Date(1) },
        ]);
        await entities().removeFollow(tenant, 'a', 'b');
        await entities().removeFollow(tenant, 'a', 'b');
        expect((await read()).map((row) => row.pair)).toEqual(['ac', 'ba']);
      });

      it('tells whom people follow and who follows them, by id', async () => {
        const tenant = newTenant();
        const follow = (followerId: string, followeeId: string) => ({ followerId, followeeId, createdAt: new Date(1) });
        await entities().addFollows(tenant, [
          ...['d', 'b', 'C'].map((id) => follow('a', id)),
          follow('b', 'a'),
          follow('d', 'a'),
          follow('d', 'b'),
        ]);
        await entities().addFollows(newTenant(), [follow('a', 'x'), follow('y', 'a')]);
        const ofA = { followees: ['C', 'b', 'd'], followers: ['b', 'd'] };
        expect(await entities().circles(tenant, ['a', 'nobody', 'b', 'a'], 10)).toEqual([
          ofA,
          { followees: [], followers: [] },
          { followees: ['a'], followers: ['a', 'd'] },
          ofA,
        ]);
        expect(await entities().circles(tenant, ['a'], 2)).toEqual([{ followees: ['C', 'b'], followers: ['b', 'd'] }]);
        expect(await entities().circles(tenant, [], 2)).toEqual([]);
      });

      describe('eraseUser', () => {
        /** The tables that hold the text anywhere in a row of the tenant. */
        async function tablesNaming(tenant: string, text: string): Promise<string[]> {
          const tables = await database.sql(
            `SELECT table_name FROM information_schema.columns
           WHERE table_schema = 'public' AND column_name = 'tenant' ORDER BY 1`,
          );
          const found: string[] = [];
          for (const { table_name: table } of tables) {
            const rows = await database.sql(
              `SELECT 1 FROM "${table}" AS t WHERE tenant = $1 AND strpos(to_jsonb(t)::text, $2) > 0 LIMIT 1`,
              [tenant, text],
            );
            if (rows.length > 0) found.push(String(table));
          }
          return found;
        }

        async function settle(tenant: string): Promise<void> {
          const { privacy } = database.stores();
          const unsettled = await privacy.unsettled(Number.MAX_SAFE_INTEGER / 1_000, 1_000);
          for (const erasure of unsettled) if (erasure.tenant === tenant) await privacy.settle(erasure);
        }

        async function fill(tenant: string): Promise<void> {
          await entities().upsertUsers(tenant, [
            { id: 'gone', name: 'gone away', bio: 'gone' },
            { id: 'stays', name: 'Stays' },
          ]);
          await entities().upsertItems(tenant, [
            { id: 'i', kind: 'k', title: 'I', authorId: 'gone' },
            { id: 'j', kind: 'k', title: 'J', authorId: 'stays' },
          ]);
          await log().append(
            [
              eventOf({ tenant, eventId: 'gone likes i', userId: 'gone', action: 'LIKE' }),
              eventOf({
                tenant,
                eventId: 'gone rates j',
                userId: 'gone',
                target: { itemId: 'j' },
                action: 'RATE',
                value: 5,
              }),
              eventOf({ tenant, eventId: 'gone views i', userId: 'gone', context: { who: 'gone' } }),
              eventOf({ tenant, eventId: 'stays likes i', userId: 'stays', action: 'LIKE' }),
              eventOf({
                tenant,
                eventId: 'gone follows',
                userId: 'gone',
                target: { userId: 'stays' },
                action: 'FOLLOW',
              }),
              eventOf({
                tenant,
                eventId: 'follows gone',
                userId: 'stays',
                target: { userId: 'gone' },
                action: 'FOLLOW',
              }),
            ],
            USERS,
          );
          for (const userId of ['gone', 'stays']) {
            database.stores().shownLog.record(shownList({ tenant, userId }));
          }
        }

        it('leaves no row that names them, and all that does not', async () => {
          const [tenant, other] = [newTenant(), newTenant()];
          await fill(tenant);
          await fill(other);
          await database.stores().shownLog.flush();
          const before = await tablesNaming(other, 'gone');
          expect(before).toEqual([
            'event_keys',
            'follows',
            'interactions',
            'items',
            'recommendation_requests',
            'users',
          ]);

          expect(await entities().eraseUser(tenant, 'gone')).toBe(true);
          expect(await tablesNaming(tenant, 'gone')).toEqual(['erasures']);
          await settle(tenant);
          expect(await tablesNaming(tenant, 'gone')).toEqual([]);
          expect(await tablesNaming(tenant, 'stays')).toEqual([
            'event_keys',
            'interactions',
            'items',
            'recommendation_requests',
            'users',
          ]);
          expect(await entities().items(tenant, ['i', 'j'])).toMatchObject([{ authorId: null }, { authorId: 'stays' }]);
          const none = { views: 0, likes: 0, saves: 0, shares: 0, popularity: 0 };
          expect(await entities().itemStats(tenant, ['i', 'j'])).toEqual([{ ...none, likes: 1, popularity: 1 }, none]);
          expect(await tablesNaming(other, 'gone')).toEqual(before);

          expect(await entities().eraseUser(tenant, 'gone')).toBe(false);
          expect(await entities().eraseUser(tenant, 'never there')).toBe(false);
        });

        it('takes them out of the lists of people that others were shown, and leaves the rest of these in place', async () => {
          const tenant = newTenant();
          const shown = (userId: string, surface: string, itemIds: readonly string[]) =>
            database
              .stores()
              .shownLog.record(shownList({ tenant, requestId: `${userId} ${surface}`, userId, surface, itemIds }));
          await entities().upsertUsers(
            tenant,
            ['x', 'gone', 'y'].map((id) => ({ id, name: id })),
          );
          shown('stays', PEOPLE_SURFACE, ['x', 'gone', 'y']);
          shown('stays', 'home', ['x', 'gone']);
          shown('other', PEOPLE_SURFACE, ['x', 'y']);
          expect(await entities().eraseUser(tenant, 'gone')).toBe(true);
          const rows = await database.sql(
            'SELECT request_id, item_ids, scores FROM recommendation_requests WHERE tenant = $1 ORDER BY 1',
            [tenant],
          );
          expect(rows).toEqual([
            { request_id: `other ${PEOPLE_SURFACE}`, item_ids: ['x', 'y'], scores: [1, 0.75] },
            // An item that happens to have the same id.
            { request_id: 'stays home', item_ids: ['x', 'gone'], scores: [1, 0.75] },
            { request_id: `stays ${PEOPLE_SURFACE}`, item_ids: ['x', '', 'y'], scores: [1, 0.75, 0.5] },
          ]);
          expect(await entities().eraseUser(tenant, 'gone')).toBe(false);

          // On another node a list may have waited until after the erasure.
          shown('late', PEOPLE_SURFACE, ['y', 'gone', 'x']);
          await database.stores().shownLog.flush();
          const late = 'SELECT item_ids FROM recommendation_requests WHERE tenant = $1 AND user_id = $2';
          expect(await database.sql(late, [tenant, 'late'])).toEqual([{ item_ids: ['y', '', 'x'] }]);
          expect(await entities().eraseUser(tenant, 'gone')).toBe(false);
        });

        it('also takes lists that still wait to be written', async () => {
          const tenant = newTenant();
          await fill(tenant);
          await entities().eraseUser(tenant, 'gone');
          await database.stores().shownLog.flush();
          expect(await tablesNaming(tenant, 'gone')).toEqual(['erasures']);
        });

        it('passes no event unseen: who is gone afterwards has none, while others keep acting', async () => {
          const tenant = newTenant();
          const nodes = [database.stores(), ...(database.kind === 'postgresql' ? [await database.anotherNode()] : [])];
          await entities().upsertItems(tenant, [{ id: 'i', kind: 'k', title: 'I' }]);
          for (let round = 0; round < 12; round++) {
            await entities().upsertUsers(
              tenant,
              ['x', 'y', 'z'].map((id) => ({ id, name: id })),
            );
            const appends = Array.from({ length: 30 }, (_, n) => {
              const [userId = '', target = ''] =
                [
                  ['x', 'y'],
                  ['y', 'x'],
                  ['z', 'x'],
                ][n % 3] ?? [];
              const events = [
                eventOf({ tenant, eventId: `${round} ${n} like`, userId, action: 'LIKE' }),
                eventOf({
                  tenant,
                  eventId: `${round} ${n} follow`,
                  userId,
                  target: { userId: target },
                  action: 'FOLLOW',
                }),
              ];
              return (nodes[n % nodes.length] ?? database.stores()).eventLog.append(events, {
                createMissing: 'nothing',
              });
            });
            await Promise.all([
              ...appends,
              ...nodes.flatMap((node) => [node.entities.eraseUser(tenant, 'x'), node.entities.eraseUser(tenant, 'y')]),
            ]);
            expect(await entities().users(tenant, ['x', 'y'])).toEqual([null, null]);
            const left = await database.sql(
              `SELECT event_id FROM interactions
             WHERE tenant = $1 AND (user_id IN ('x', 'y') OR target_user_id IN ('x', 'y'))`,
              [tenant],
            );
            expect(left).toEqual([]);
            expect(await database.sql('SELECT * FROM follows WHERE tenant = $1', [tenant])).toEqual([]);
          }
          const counted = await database.sql(
            `SELECT (SELECT count(*) FROM interactions WHERE tenant = $1)::int AS events,
                  (SELECT count(*) FROM event_keys WHERE tenant = $1)::int AS keys`,
            [tenant],
          );
          const [stats] = await entities().itemStats(tenant, ['i']);
          expect(counted).toEqual([{ events: stats?.likes, keys: stats?.likes }]);
        });
      });
    },
    { clock: () => NOW, replica: kept === REPLICA },
  );
});
