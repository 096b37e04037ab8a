import type { PoolClient } from 'pg';
import { asDate, execute, select } from './rows.js';

/**
 * Removes posts and all that hangs on them. Jobs go first, so that a delivery under way is waited for and none begins. An item
 * stays where it stood, hidden and without words: models were learned with it.
 * Their timeline rows are found by their time, along an index of a few kilobytes (BRIN).
 */
const PARTS = [
  'DELETE FROM feed_jobs WHERE tenant = $1 AND post_id = ANY($2::text[])',
  `WITH gone AS (DELETE FROM posts WHERE tenant = $1 AND id = ANY($2::text[]) RETURNING media_key)
   INSERT INTO media_deletions (key) SELECT media_key FROM gone WHERE media_key IS NOT NULL ON CONFLICT DO NOTHING`,
  'DELETE FROM post_likes WHERE tenant = $1 AND post_id = ANY($2::text[])',
  'DELETE FROM post_comments WHERE tenant = $1 AND post_id = ANY($2::text[])',
  'DELETE FROM post_deltas WHERE tenant = $1 AND post_id = ANY($2::text[])',
  `UPDATE items SET hidden_at = coalesce(hidden_at, now()), title = 'Deleted', description = NULL, tags = '{}',
     preview_url = NULL, attributes = NULL, author_id = NULL
   WHERE tenant = $1 AND id = ANY($2::text[]) AND kind = 'post'`,
];

/** Answers whether there was one. */
export async function erasePosts(client: PoolClient, tenant: string, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const values = [tenant, ids];
  const times = await select(client, {
    text: 'SELECT created_at FROM posts WHERE tenant = $1 AND id = ANY($2::text[]) FOR UPDATE',
    values,
  });
  for (const text of PARTS) await execute(client, { text, values });
  await execute(client, {
    text: `DELETE FROM timelines WHERE tenant = $1 AND post_id = ANY($2::text[]) AND created_at = ANY($3::timestamptz[])`,
    values: [...values, times.map(([at]) => asDate(at))],
  });
  return times.length > 0;
}

/** What a person wrote and liked, and what was written for them. */
export async function erasePostsOf(client: PoolClient, tenant: string, userId: string): Promise<boolean> {
  const values = [tenant, userId];
  const own = await select(client, { text: 'SELECT id FROM posts WHERE tenant = $1 AND author_id = $2', values });
  const wrote = await erasePosts(
    client,
    tenant,
    own.map(([id]) => String(id)),
  );
  const removed = [
    await execute(client, {
      text: `WITH gone AS (DELETE FROM post_likes WHERE tenant = $1 AND user_id = $2 RETURNING post_id)
             INSERT INTO post_deltas (tenant, post_id, likes, comments) SELECT $1, post_id, -1, 0 FROM gone`,
      values,
    }),
    await execute(client, {
      text: `WITH gone AS (DELETE FROM post_comments WHERE tenant = $1 AND author_id = $2 RETURNING post_id)
             INSERT INTO post_deltas (tenant, post_id, likes, comments)
             SELECT $1, post_id, 0, -count(*)::int FROM gone GROUP BY post_id`,
      values,
    }),
    await execute(client, { text: 'DELETE FROM timelines WHERE tenant = $1 AND user_id = $2', values }),
  ];
  return wrote || removed.some((count) => count > 0);
}
