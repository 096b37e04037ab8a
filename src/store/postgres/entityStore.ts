import type { Pool } from 'pg';
import type { Clock } from '../../domain/clock.js';
import type { PrismaClient } from '../../generated/prisma/client.js';
import type { EntityStore } from '../ports/entityStore.js';
import { selectUntil } from './cancellable.js';
import { ITEM_COLUMNS, STATS_COLUMNS, toItem, toStats, toUser, USER_COLUMNS } from './entityRows.js';
import { eraseUser, type IsPositive } from './eraseUser.js';
import { createPopularItems } from './popularItems.js';
import { retrying } from './retry.js';
import { asNumber, asText, execute, orNull, type Statement } from './rows.js';
import { CIRCLES, scanById, scanFollows } from './scanEntities.js';
import { upsertItems, upsertUsers } from './upserts.js';

const NOTHING = { views: 0, likes: 0, saves: 0, shares: 0, popularity: 0 };

export interface EntityStoreDeps {
  readonly pool: Pool;
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly isPositive: IsPositive;
  /** What counts for people who never said whether they want lists of their own. */
  readonly personaliseByDefault: boolean;
}

/**
 * Every page of every answer reads entities by id, so these reads are prepared statements of their own: a third of
 * the time and a quarter of the work that Prisma needs for them. Prisma has what is asked for seldom.
 */
export function createEntityStore({
  pool,
  prisma,
  clock,
  isPositive,
  personaliseByDefault,
}: EntityStoreDeps): EntityStore {
  const readUser = toUser(personaliseByDefault);
  const popular = createPopularItems(pool);

  /** Looks each distinct id up once and answers in the order and length of `ids`; the id is the first column. */
  async function byId<T>(
    statement: Pick<Statement, 'name' | 'text'>,
    read: (row: readonly unknown[]) => T,
    tenant: string,
    ids: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<(T | null)[]> {
    if (ids.length === 0) return [];
    const rows = await selectUntil(pool, signal, { ...statement, values: [tenant, [...new Set(ids)]] });
    const found = new Map(rows.map((row) => [asText(row[0]), read(row)]));
    return ids.map((id) => found.get(id) ?? null);
  }

  const items: EntityStore['items'] = (tenant, ids, signal) =>
    byId(
      { name: 'items', text: `SELECT ${ITEM_COLUMNS} FROM items WHERE tenant = $1 AND id = ANY($2::text[])` },
      toItem,
      tenant,
      ids,
      signal,
    );

  return {
    users: (tenant, ids, signal) =>
      byId(
        { name: 'users', text: `SELECT ${USER_COLUMNS} FROM users WHERE tenant = $1 AND id = ANY($2::text[])` },
        readUser,
        tenant,
        ids,
        signal,
      ),

    items,

    async itemStats(tenant, ids, signal) {
      const text = `SELECT ${STATS_COLUMNS} FROM item_stats WHERE tenant = $1 AND item_id = ANY($2::text[])`;
      const found = await byId({ name: 'item_stats', text }, toStats, tenant, ids, signal);
      return found.map((stats) => stats ?? NOTHING);
    },

    async lastActive(tenant, userIds, signal) {
      const rows = await selectUntil(pool, signal, {
        name: 'last_active',
        text: `SELECT (SELECT date_part('epoch', i.occurred_at) * 1000 FROM interactions i
                       WHERE i.tenant = $1 AND i.user_id = person.id ORDER BY i.occurred_at DESC, i.seq DESC LIMIT 1)
               FROM unnest($2::text[]) WITH ORDINALITY AS person(id, place) ORDER BY person.place`,
        values: [tenant, userIds],
      });
      return rows.map(([at]) => orNull(asNumber)(at)).map((at) => (at === null ? null : Math.round(at)));
    },

    popularItems: (tenant, limit, signal) => popular(tenant, limit, signal),

    async *scanItems(tenant) {
      for await (const rows of scanById(pool, { tenant, table: 'items', columns: ITEM_COLUMNS }))
        yield rows.map(toItem);
    },

    async changedItems(tenant, since, most, signal) {
      const rows = await selectUntil(pool, signal, {
        name: 'changed_items',
        text: `SELECT ${ITEM_COLUMNS} FROM items WHERE tenant = $1 AND (updated_at >= $2 OR hidden_at >= $2)
               ORDER BY greatest(updated_at, hidden_at) DESC, id LIMIT $3`,
        values: [tenant, new Date(since), most],
      });
      return rows.map(toItem);
    },

    async *scanUsers(tenant) {
      for await (const rows of scanById(pool, { tenant, table: 'users', columns: USER_COLUMNS }))
        yield rows.map(readUser);
    },

    scanFollows: (tenant) => scanFollows(pool, tenant),

    countItems: (tenant) => prisma.item.count({ where: { tenant } }),

    upsertUsers: (tenant, users, signal) => upsertUsers(pool, tenant, users, new Date(clock()), signal),
    upsertItems: (tenant, items, signal) => upsertItems(pool, tenant, items, new Date(clock()), signal),

    async setPersonalised(tenant, userId, personalised) {
      await execute(pool, {
        text: `INSERT INTO users AS u (tenant, id, name, interests, personalised, created_at, updated_at)
               VALUES ($1, $2, $2, '{}', $3, $4, $4)
               ON CONFLICT (tenant, id) DO UPDATE SET personalised = $3, updated_at = $4`,
        values: [tenant, userId, personalised, new Date(clock())],
      });
    },

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

    async circles(tenant, userIds, limit, signal) {
      const found: { followees: string[]; followers: string[] }[] = userIds.map(() => ({
        followees: [],
        followers: [],
      }));
      if (userIds.length === 0) return found;
      const values = [tenant, userIds, limit];
      const rows = await selectUntil(pool, signal, { name: 'circles', text: CIRCLES, values });
      for (const [place, other, follows] of rows) {
        const own = found[asNumber(place)];
        (follows === true ? own?.followees : own?.followers)?.push(asText(other));
      }
      return found;
    },

    async removeFollow(tenant, followerId, followeeId) {
      await prisma.follow.deleteMany({ where: { tenant, followerId, followeeId } });
    },

    async hideItem(tenant, id) {
      await prisma.item.updateMany({ where: { tenant, id, hiddenAt: null }, data: { hiddenAt: new Date(clock()) } });
      const [item = null] = await items(tenant, [id]);
      return item;
    },

    eraseUser: (tenant, id) => retrying(() => eraseUser(pool, { tenant, id, at: new Date(clock()) }, isPositive)),
  };
}
