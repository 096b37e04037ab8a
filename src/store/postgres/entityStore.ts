import type { Pool } from 'pg';
import type { Clock } from '../../domain/clock.js';
import type { Item, ItemStats, User } from '../../domain/entities.js';
import type { PrismaClient, Item as StoredItem, User as StoredUser } from '../../generated/prisma/client.js';
import type { EntityStore } from '../ports/entityStore.js';
import { eraseUser, type IsPositive } from './eraseUser.js';
import { createPopularItems } from './popularItems.js';
import { retrying } from './retry.js';
import { asNumber, execute, isJsonObject, orNull, select } from './rows.js';
import { upsertItems, upsertUsers } from './upserts.js';

const SCAN_PAGE = 2_000;
/** Below the number of parameters one statement can carry. */
const LOOKUP_PAGE = 10_000;

export interface EntityStoreDeps {
  readonly pool: Pool;
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly isPositive: IsPositive;
}

export function createEntityStore({ pool, prisma, clock, isPositive }: EntityStoreDeps): EntityStore {
  const popular = createPopularItems(pool);
  return {
    users: (tenant, ids) =>
      inOrder(ids, async (some) => {
        const rows = await prisma.user.findMany({ where: { tenant, id: { in: some } } });
        return rows.map((row) => [row.id, toUser(row)] as const);
      }),

    items: (tenant, ids) =>
      inOrder(ids, async (some) => {
        const rows = await prisma.item.findMany({ where: { tenant, id: { in: some } } });
        return rows.map((row) => [row.id, toItem(row)] as const);
      }),

    async itemStats(tenant, ids) {
      const found = await inOrder(ids, async (some) => {
        const rows = await prisma.itemStats.findMany({ where: { tenant, itemId: { in: some } } });
        return rows.map(({ itemId, tenant: _, ...stats }): [string, ItemStats] => [itemId, stats]);
      });
      return found.map((stats) => stats ?? { views: 0, likes: 0, saves: 0, shares: 0, popularity: 0 });
    },

    async lastActive(tenant, userIds) {
      const rows = await select(pool, {
        name: 'last_active',
        text: `SELECT (SELECT date_part('epoch', i.occurred_at) * 1000 FROM interactions i
                       WHERE i.tenant = $1 AND i.user_id = person.id ORDER BY i.occurred_at DESC, i.seq DESC LIMIT 1)
               FROM unnest($2::text[]) WITH ORDINALITY AS person(id, place) ORDER BY person.place`,
        values: [tenant, userIds],
      });
      return rows.map(([at]) => orNull(asNumber)(at)).map((at) => (at === null ? null : Math.round(at)));
    },

    popularItems: (tenant, limit) => popular(tenant, limit),

    async *scanItems(tenant) {
      let after: string | null = null;
      for (;;) {
        const page: StoredItem[] = await prisma.item.findMany({
          where: { tenant, ...(after === null ? {} : { id: { gt: after } }) },
          orderBy: { id: 'asc' },
          take: SCAN_PAGE,
        });
        const last = page.at(-1);
        if (last === undefined) return;
        yield page.map(toItem);
        if (page.length < SCAN_PAGE) return;
        after = last.id;
      }
    },

    countItems: (tenant) => prisma.item.count({ where: { tenant } }),

    upsertUsers: (tenant, users) => upsertUsers(pool, tenant, users, new Date(clock())),
    upsertItems: (tenant, items) => upsertItems(pool, tenant, items, new Date(clock())),

    addFollows: (tenant, follows) =>
      retrying(() =>
        execute(pool, {
          name: 'add_follows',
          text: `INSERT INTO follows (tenant, follower_id, followee_id, created_at)
                 SELECT DISTINCT ON (f.follower, f.followee) $1, f.follower, f.followee, to_timestamp(f.at / 1000.0)
                 FROM unnest($2::text[], $3::text[], $4::float8[]) AS f(follower, followee, at)
                 ORDER BY f.follower, f.followee, f.at
                 ON CONFLICT DO NOTHING`,
          values: [
            tenant,
            follows.map((follow) => follow.followerId),
            follows.map((follow) => follow.followeeId),
            follows.map((follow) => follow.createdAt.getTime()),
          ],
        }),
      ),

    async removeFollow(tenant, followerId, followeeId) {
      await prisma.follow.deleteMany({ where: { tenant, followerId, followeeId } });
    },

    async hideItem(tenant, id) {
      await prisma.item.updateMany({ where: { tenant, id, hiddenAt: null }, data: { hiddenAt: new Date(clock()) } });
      const row = await prisma.item.findUnique({ where: { tenant_id: { tenant, id } } });
      return row === null ? null : toItem(row);
    },

    eraseUser: (tenant, id) => retrying(() => eraseUser(pool, tenant, id, isPositive)),
  };
}

/** Looks each distinct id up once and answers in the order and length of `ids`. */
async function inOrder<T>(
  ids: readonly string[],
  find: (ids: string[]) => Promise<readonly (readonly [string, T])[]>,
): Promise<(T | null)[]> {
  const distinct = [...new Set(ids)];
  const found = new Map<string, T>();
  for (let from = 0; from < distinct.length; from += LOOKUP_PAGE) {
    for (const [id, value] of await find(distinct.slice(from, from + LOOKUP_PAGE))) found.set(id, value);
  }
  return ids.map((id) => found.get(id) ?? null);
}

function toUser({ tenant: _, updatedAt: __, ...user }: StoredUser): User {
  return user;
}

function toItem({ tenant: _, updatedAt: __, attributes, ...item }: StoredItem): Item {
  return { ...item, attributes: isJsonObject(attributes) ? attributes : null };
}
