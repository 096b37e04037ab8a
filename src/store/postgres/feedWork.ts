import type { Pool } from 'pg';
import type { FeedWork } from '../ports/feedWork.js';
import { retrying } from './retry.js';
import { asNumber, asText, execute, select } from './rows.js';

const LATER = (parameter: string) => `now() + ${parameter}::float8 * interval '1 millisecond'`;

const TAKE = `
UPDATE feed_jobs SET due_at = ${LATER('$1')} WHERE (tenant, post_id) IN (
  SELECT tenant, post_id FROM feed_jobs WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING tenant, post_id`;

/**
 * The rows and how far the job has come are one transaction. The job is locked, so that whoever deletes the post or erases its
 * author waits for the rows under way and then finds them all.
 */
const DELIVER = `
WITH job AS MATERIALIZED (
  SELECT post_id, author_id, after_follower,
    (SELECT p.created_at FROM posts p WHERE p.tenant = $1 AND p.id = post_id) AS created_at
  FROM feed_jobs WHERE tenant = $1 AND post_id = $2 FOR UPDATE
), batch AS MATERIALIZED (
  SELECT f.follower_id FROM job CROSS JOIN LATERAL (
    SELECT follower_id FROM follows
    WHERE tenant = $1 AND followee_id = job.author_id AND follower_id > job.after_follower
    ORDER BY follower_id LIMIT $3) f
), written AS (
  INSERT INTO timelines (tenant, user_id, created_at, post_id)
  SELECT $1, batch.follower_id, job.created_at, job.post_id FROM job, batch ORDER BY batch.follower_id
  ON CONFLICT DO NOTHING
)
UPDATE feed_jobs SET after_follower = coalesce((SELECT max(follower_id) FROM batch), after_follower), due_at = ${LATER('$4')}
WHERE tenant = $1 AND post_id = (SELECT post_id FROM job)
RETURNING (SELECT count(*) FROM batch)::int`;

const FINISH = `
WITH done AS (DELETE FROM feed_jobs WHERE tenant = $1 AND post_id = $2 RETURNING post_id)
UPDATE posts SET delivered = true WHERE tenant = $1 AND id = (SELECT post_id FROM done)`;

/**
 * Of a post that comes meanwhile: this statement does not see it, so it was committed after the follow, and its delivery, which
 * begins after that, sees the follow. Posts of authors with too many followers have no job and are never delivered.
 */
const BACKFILL = `
WITH fresh AS MATERIALIZED (
  SELECT ctid, tenant, follower_id, followee_id FROM follows WHERE NOT backfilled LIMIT $1 FOR UPDATE SKIP LOCKED
), written AS (
  INSERT INTO timelines (tenant, user_id, created_at, post_id)
  SELECT f.tenant, f.follower_id, p.created_at, p.id FROM fresh f CROSS JOIN LATERAL (
    SELECT p.id, p.created_at FROM posts p
    WHERE p.tenant = f.tenant AND p.author_id = f.followee_id AND p.created_at > to_timestamp($2::float8 / 1000.0)
      AND (p.delivered OR (SELECT true FROM feed_jobs j WHERE j.tenant = p.tenant AND j.post_id = p.id))
    OFFSET 0) p
  ORDER BY 1, 2, 3, 4
  ON CONFLICT DO NOTHING
)
UPDATE follows SET backfilled = true WHERE ctid = ANY(ARRAY(SELECT ctid FROM fresh))`;

/** A change of a post that is gone goes with it. */
const FOLD = `
WITH taken AS MATERIALIZED (
  SELECT seq FROM post_deltas ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM post_deltas WHERE seq IN (SELECT seq FROM taken) RETURNING tenant, post_id, likes, comments
), sums AS MATERIALIZED (
  SELECT tenant, post_id, sum(likes)::int AS likes, sum(comments)::int AS comments, count(*)::int AS changes
  FROM gone GROUP BY tenant, post_id
), folded AS (
  UPDATE posts p SET likes = p.likes + s.likes, comments = p.comments + s.comments FROM sums s
  WHERE p.tenant = s.tenant AND p.id = s.post_id)
SELECT coalesce(sum(changes), 0)::int FROM sums`;

const TAKE_DOOMED = `
UPDATE media_deletions SET due_at = ${LATER('$2')} WHERE key IN (
  SELECT key FROM media_deletions WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING key`;

/** The database's clock times leases, so that the clocks of workers may differ. */
export function createFeedWork({ pool }: { readonly pool: Pool }): FeedWork {
  return {
    async takeJob(leaseMs) {
      const [row] = await retrying(() => select(pool, { name: 'take_feed_job', text: TAKE, values: [leaseMs] }));
      return row === undefined ? null : { tenant: asText(row[0]), postId: asText(row[1]) };
    },

    async deliver({ tenant, postId }, batch, leaseMs) {
      const values = [tenant, postId, batch, leaseMs];
      const [row] = await retrying(() => select(pool, { name: 'deliver_post', text: DELIVER, values }));
      if (row === undefined) return false;
      if (asNumber(row[0]) === batch) return true;
      await retrying(() => execute(pool, { name: 'post_delivered', text: FINISH, values: [tenant, postId] }));
      return false;
    },

    backfill: (batch, since) =>
      retrying(() => execute(pool, { name: 'backfill_follows', text: BACKFILL, values: [batch, since] })),

    async foldCounts(batch) {
      const [row] = await retrying(() => select(pool, { name: 'fold_counts', text: FOLD, values: [batch] }));
      return asNumber(row?.[0]);
    },

    trim: (before) =>
      execute(pool, {
        text: 'DELETE FROM timelines WHERE created_at < to_timestamp($1::float8 / 1000.0)',
        values: [before],
      }),

    async takeDoomedMedia(limit, leaseMs) {
      const values = [limit, leaseMs];
      return (await select(pool, { name: 'take_doomed_media', text: TAKE_DOOMED, values })).map(([key]) => asText(key));
    },

    async mediaGone(keys) {
      await execute(pool, { text: 'DELETE FROM media_deletions WHERE key = ANY($1::text[])', values: [keys] });
    },
  };
}
