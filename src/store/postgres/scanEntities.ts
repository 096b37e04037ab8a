import type { Pool } from 'pg';
import type { FollowPage } from '../ports/entityStore.js';
import { keysetPage } from './keysetPage.js';
import { asNumber, asText } from './rows.js';

const PAGE = 2_000;
const FOLLOW_PAGE = 20_000;

/** Every row of a table whose key is tenant and id, by id, in pages. The id is the first of `columns`. */
export async function* scanById(
  pool: Pool,
  from: { readonly tenant: string; readonly table: 'items' | 'users'; readonly columns: string },
): AsyncIterable<unknown[][]> {
  const { tenant, table, columns } = from;
  let after: string | null = null;
  for (;;) {
    const rows: unknown[][] = await keysetPage(pool, {
      text: `SELECT ${columns} FROM ${table} WHERE tenant = $1 ${after === null ? '' : 'AND id > $3'}
             ORDER BY id LIMIT $2`,
      values: [tenant, PAGE, ...(after === null ? [] : [after])],
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < PAGE) return;
    after = asText(last[0]);
  }
}

/** Every follow, by follower, then followee. */
export async function* scanFollows(pool: Pool, tenant: string): AsyncIterable<FollowPage> {
  let after: readonly unknown[] = [];
  for (;;) {
    const rows: unknown[][] = await keysetPage(pool, {
      text: `SELECT follower_id, followee_id, date_part('epoch', created_at) * 1000 FROM follows
             WHERE tenant = $1 ${after.length === 0 ? '' : 'AND (follower_id, followee_id) > ($3, $4)'}
             ORDER BY follower_id, followee_id LIMIT $2`,
      values: [tenant, FOLLOW_PAGE, ...after],
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield {
      followerIds: rows.map(([follower]) => asText(follower)),
      followeeIds: rows.map(([, followee]) => asText(followee)),
      createdAt: Float64Array.from(rows, ([, , at]) => Math.round(asNumber(at))),
    };
    if (rows.length < FOLLOW_PAGE) return;
    after = [last[0], last[1]];
  }
}

/** Place of the person, the other, and whether the person follows them. */
export const CIRCLES = `
SELECT person.place::int - 1, c.other, c.follows
FROM unnest($2::text[]) WITH ORDINALITY AS person(id, place)
CROSS JOIN LATERAL (
  (SELECT followee_id AS other, true AS follows FROM follows
   WHERE tenant = $1 AND follower_id = person.id ORDER BY followee_id LIMIT $3)
  UNION ALL
  (SELECT follower_id, false FROM follows
   WHERE tenant = $1 AND followee_id = person.id ORDER BY follower_id LIMIT $3)) c
ORDER BY person.place, c.other`;
