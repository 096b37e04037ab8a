import type { Pool, PoolClient } from 'pg';
import type { Action } from '../../domain/actions.js';
import { PEOPLE_SURFACE } from '../../domain/shown.js';
import { erasePostsOf } from './erasePosts.js';
import { inTransaction } from './pool.js';
import { asAction, asNumber, asText, execute, orNull, select } from './rows.js';

/** Whether an event counts towards popularity. */
export type IsPositive = (action: Action, value: number | null) => boolean;

/**
 * Removes every row of a person. The log is locked first: the transaction waits for appends under way, and later ones wait
 * for it and then look anew, so no event slips through between. That holds up writers for as long as one person's rows take;
 * asking for someone who left nothing holds up nobody. Their event ids go too: they are the caller's own text and may
 * name the person; the price is that a client which sends an erased event again is believed.
 */
export async function eraseUser(
  pool: Pool,
  { tenant, id, at }: { readonly tenant: string; readonly id: string; readonly at: Date },
  isPositive: IsPositive,
): Promise<boolean> {
  const values = [tenant, id];
  const [[known] = []] = await select(pool, { text: ANYTHING, values: [...values, PEOPLE_SURFACE] });
  if (known !== true) return false;
  return inTransaction(pool, async (client) => {
    await execute(client, { text: 'LOCK TABLE interactions IN SHARE ROW EXCLUSIVE MODE', values: [] });
    const removed = [
      await execute(client, { text: 'DELETE FROM users WHERE tenant = $1 AND id = $2', values }),
      await execute(client, {
        text: 'UPDATE items SET author_id = NULL, updated_at = $3 WHERE tenant = $1 AND author_id = $2',
        values: [...values, at],
      }),
      await execute(client, {
        text: 'DELETE FROM follows WHERE tenant = $1 AND (follower_id = $2 OR followee_id = $2)',
        values,
      }),
      await execute(client, {
        text: 'DELETE FROM blocks WHERE tenant = $1 AND (blocker_id = $2 OR blocked_id = $2)',
        values,
      }),
      // After the follows: a backfill under way holds those whose posts it writes.
      Number(await erasePostsOf(client, tenant, id)),
      await execute(client, {
        text: 'DELETE FROM recommendation_requests WHERE tenant = $1 AND user_id = $2',
        values,
      }),
      // A rule about their work alone would be about everything once their name is off it.
      await execute(client, {
        text: 'DELETE FROM business_rules WHERE tenant = $1 AND author_ids = ARRAY[$2]',
        values,
      }),
      await execute(client, {
        text: `UPDATE business_rules SET author_ids = array_remove(author_ids, $2)
               WHERE tenant = $1 AND $2 = ANY(author_ids)`,
        values,
      }),
      await execute(client, { text: FORGET_SHOWN, values: [...values, PEOPLE_SURFACE] }),
      await eraseEvents(client, tenant, id, isPositive),
    ];
    if (removed.every((count) => count === 0)) return false;
    // What remains outside the database is taken care of even if this process dies.
    await execute(client, {
      text: `INSERT INTO erasures (tenant, user_id, erased_at) VALUES ($1, $2, $3)
             ON CONFLICT (tenant, user_id) DO UPDATE SET erased_at = excluded.erased_at`,
      values: [...values, at],
    });
    return true;
  });
}

/** The places of a list stay, since what else is kept of it goes by place. */
const FORGET_SHOWN = `
UPDATE recommendation_requests SET item_ids = array_replace(item_ids, $2, '')
WHERE tenant = $1 AND surface = $3 AND item_ids @> ARRAY[$2]`;

const ANYTHING = `
SELECT EXISTS (SELECT FROM users WHERE tenant = $1 AND id = $2)
    OR EXISTS (SELECT FROM items WHERE tenant = $1 AND author_id = $2)
    OR EXISTS (SELECT FROM follows WHERE tenant = $1 AND (follower_id = $2 OR followee_id = $2))
    OR EXISTS (SELECT FROM blocks WHERE tenant = $1 AND (blocker_id = $2 OR blocked_id = $2))
    OR EXISTS (SELECT FROM post_likes WHERE tenant = $1 AND user_id = $2)
    OR EXISTS (SELECT FROM post_comments WHERE tenant = $1 AND author_id = $2)
    OR EXISTS (SELECT FROM timelines WHERE tenant = $1 AND user_id = $2)
    OR EXISTS (SELECT FROM recommendation_requests WHERE tenant = $1 AND user_id = $2)
    OR EXISTS (SELECT FROM business_rules WHERE tenant = $1 AND $2 = ANY(author_ids))
    OR EXISTS (SELECT FROM recommendation_requests WHERE tenant = $1 AND surface = $3 AND item_ids @> ARRAY[$2])
    OR EXISTS (SELECT FROM interactions WHERE tenant = $1 AND (user_id = $2 OR target_user_id = $2))`;

async function eraseEvents(client: PoolClient, tenant: string, id: string, isPositive: IsPositive): Promise<number> {
  const events = await select(client, {
    text: `DELETE FROM interactions WHERE tenant = $1 AND (user_id = $2 OR target_user_id = $2)
           RETURNING event_id, item_id, action::text, value`,
    values: [tenant, id],
  });
  if (events.length === 0) return 0;
  await execute(client, {
    text: 'DELETE FROM event_keys WHERE tenant = $1 AND event_id = ANY($2::text[])',
    values: [tenant, events.map(([eventId]) => asText(eventId))],
  });
  const onItems = events.filter(([, itemId]) => itemId !== null);
  // An upsert of rows that all exist, because only INSERT takes its locks in a given order, as appends do.
  await execute(client, {
    text: `INSERT INTO item_stats AS s (tenant, item_id, views, likes, saves, shares, popularity)
           SELECT $1, item_id, -count(*) FILTER (WHERE action = 'VIEW'), -count(*) FILTER (WHERE action = 'LIKE'),
             -count(*) FILTER (WHERE action = 'SAVE'), -count(*) FILTER (WHERE action = 'SHARE'),
             -count(*) FILTER (WHERE positive)
           FROM unnest($2::text[], $3::text[], $4::bool[]) AS e(item_id, action, positive)
           GROUP BY item_id ORDER BY item_id
           ON CONFLICT (tenant, item_id) DO UPDATE SET views = s.views + excluded.views,
             likes = s.likes + excluded.likes, saves = s.saves + excluded.saves, shares = s.shares + excluded.shares,
             popularity = s.popularity + excluded.popularity`,
    values: [
      tenant,
      onItems.map(([, itemId]) => asText(itemId)),
      onItems.map(([, , action]) => asText(action)),
      onItems.map(([, , action, value]) => isPositive(asAction(action), orNull(asNumber)(value))),
    ],
  });
  return events.length;
}
