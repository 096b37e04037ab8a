import { SESSION_PREFIX } from '../../domain/session.js';

/**
 * The one statement behind `append`: judges a group of events, creates who and what may be created, and writes
 * ledger, log, counts, follows and blocks, all or nothing. Answers a row (index, outcome) for each event that was not stored.
 *
 * People are not locked: a lock of a row is a write of it, a sixth of the cost of an event. Whoever erases a person locks
 * the log instead (`eraseUser.ts`). Rows that several statements may write are written in one order everywhere (users, items,
 * ledger, counts, each by key), so that statements wait for each other in turn and not in a circle.
 *
 * No part may compare every event with every other, whatever the planner believes about the size of a part, and it
 * believes anything of tables that were never analysed. Hence no joins between parts: membership is asked by IN
 * inside an expression (also by IS TRUE), which the planner can only answer by a hash table; users and items are
 * looked up by scalar subqueries, which it can only answer by their key.
 *
 * Parameters are columns of equal length, one entry an event: tenant, event id, user id, item id or null, target
 * user id or null, action, value, duration, request id, position, context as JSON text, time in epoch milliseconds,
 * whether it counts towards popularity, and what may be created (0 nothing, 1 the acting user, 2 everything).
 */
export const APPEND = `
WITH input AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::real[], $8::int[],
                       $9::text[], $10::smallint[], $11::text[], $12::float8[], $13::bool[], $14::smallint[])
    WITH ORDINALITY AS i(tenant, event_id, user_id, item_id, target_id, action, value, duration_ms, request_id,
                         position, context, at, positive, creates, place)
), people AS MATERIALIZED (
  SELECT tenant, id,
    CASE WHEN starts_with(id, '${SESSION_PREFIX}') THEN true
         ELSE (SELECT true FROM users u WHERE u.tenant = named.tenant AND u.id = named.id) END AS known
  FROM (SELECT tenant, user_id AS id FROM input
        UNION SELECT tenant, target_id FROM input WHERE target_id IS NOT NULL) named
), missing AS MATERIALIZED (
  SELECT *,
    CASE WHEN new_actor AND creates = 0 THEN 'unknown_user'
         WHEN (new_target OR new_thing) AND creates < 2 THEN 'unknown_target' END AS refusal
  FROM (SELECT place, tenant, user_id, target_id, item_id, at, creates,
          (tenant, user_id) IN (SELECT tenant, id FROM people WHERE known IS NULL) AS new_actor,
          target_id IS NOT NULL
            AND (tenant, target_id) IN (SELECT tenant, id FROM people WHERE known IS NULL) AS new_target,
          item_id IS NOT NULL
            AND (SELECT true FROM items t WHERE t.tenant = input.tenant AND t.id = input.item_id) IS NULL AS new_thing
        FROM input OFFSET 0) i
  WHERE new_actor OR new_target OR new_thing
), new_people AS (
  INSERT INTO users AS u (tenant, id, name, interests, created_at, updated_at)
  SELECT tenant, id, id, '{}', to_timestamp(min(at) / 1000.0), now() FROM (
    SELECT tenant, user_id AS id, at FROM missing WHERE new_actor AND refusal IS NULL
    UNION ALL SELECT tenant, target_id, at FROM missing WHERE new_target AND refusal IS NULL) named
  GROUP BY tenant, id ORDER BY tenant, id
  ON CONFLICT (tenant, id) DO UPDATE SET name = u.name WHERE false
  RETURNING 1
), new_things AS (
  INSERT INTO items (tenant, id, kind, title, tags, created_at, updated_at)
  SELECT tenant, item_id, 'item', item_id, '{}', to_timestamp(min(at) / 1000.0), now()
  FROM missing WHERE new_thing AND refusal IS NULL AND (SELECT count(*) FROM new_people) >= 0
  GROUP BY tenant, item_id ORDER BY tenant, item_id
  ON CONFLICT DO NOTHING
  RETURNING 1
), fresh AS (
  INSERT INTO event_keys (tenant, event_id)
  SELECT tenant, event_id FROM input
  WHERE (place IN (SELECT place FROM missing WHERE refusal IS NOT NULL)) IS NOT TRUE
    AND (SELECT count(*) FROM new_things) >= 0
  ORDER BY tenant, event_id
  ON CONFLICT DO NOTHING
  RETURNING tenant, event_id
), stale AS MATERIALIZED (
  SELECT place FROM input WHERE ((tenant, event_id) IN (SELECT tenant, event_id FROM fresh)) IS NOT TRUE
), logged AS (
  INSERT INTO interactions (tenant, user_id, occurred_at, event_id, item_id, target_user_id, action, value, duration_ms,
                            request_id, position, context)
  SELECT tenant, user_id, to_timestamp(at / 1000.0), event_id, item_id, target_id, action::action, value, duration_ms,
         request_id, position, context::jsonb
  FROM input WHERE (place IN (SELECT place FROM stale)) IS NOT TRUE
  ORDER BY place
), counted AS (
  INSERT INTO item_stats AS s (tenant, item_id, views, likes, saves, shares, popularity)
  SELECT tenant, item_id, count(*) FILTER (WHERE action = 'VIEW'), count(*) FILTER (WHERE action = 'LIKE'),
         count(*) FILTER (WHERE action = 'SAVE'), count(*) FILTER (WHERE action = 'SHARE'),
         count(*) FILTER (WHERE positive)
  FROM input
  WHERE item_id IS NOT NULL AND (positive OR action IN ('VIEW', 'LIKE', 'SAVE', 'SHARE'))
    AND (place IN (SELECT place FROM stale)) IS NOT TRUE
  GROUP BY tenant, item_id ORDER BY tenant, item_id
  ON CONFLICT (tenant, item_id) DO UPDATE SET
    views = s.views + excluded.views, likes = s.likes + excluded.likes, saves = s.saves + excluded.saves,
    shares = s.shares + excluded.shares, popularity = s.popularity + excluded.popularity
), social AS MATERIALIZED (
  SELECT DISTINCT ON (tenant, user_id, target_id) tenant, user_id, target_id, action, at
  FROM input
  WHERE target_id IS NOT NULL AND action IN ('FOLLOW', 'UNFOLLOW')
    AND (place IN (SELECT place FROM stale)) IS NOT TRUE
  ORDER BY tenant, user_id, target_id, place DESC
), followed AS (
  INSERT INTO follows (tenant, follower_id, followee_id, created_at)
  SELECT tenant, user_id, target_id, to_timestamp(at / 1000.0) FROM social WHERE action = 'FOLLOW'
  ORDER BY tenant, user_id, target_id
  ON CONFLICT DO NOTHING
), unfollowed AS (
  DELETE FROM follows f USING social
  WHERE social.action = 'UNFOLLOW' AND f.tenant = social.tenant AND f.follower_id = social.user_id
    AND f.followee_id = social.target_id
), judged AS MATERIALIZED (
  SELECT DISTINCT ON (tenant, user_id, target_id) tenant, user_id, target_id, action, at
  FROM input
  WHERE target_id <> user_id AND action IN ('HIDE', 'REPORT', 'BLOCK', 'UNBLOCK')
    AND (place IN (SELECT place FROM stale)) IS NOT TRUE
  ORDER BY tenant, user_id, target_id, place DESC
), blocked AS (
  INSERT INTO blocks (tenant, blocker_id, blocked_id, created_at)
  SELECT tenant, user_id, target_id, to_timestamp(at / 1000.0) FROM judged WHERE action <> 'UNBLOCK'
  ORDER BY tenant, user_id, target_id
  ON CONFLICT DO NOTHING
), unblocked AS (
  DELETE FROM blocks b USING judged
  WHERE judged.action = 'UNBLOCK' AND b.tenant = judged.tenant AND b.blocker_id = judged.user_id
    AND b.blocked_id = judged.target_id
)
SELECT place::int - 1, refusal FROM missing WHERE refusal IS NOT NULL
UNION ALL
SELECT place::int - 1, 'duplicate' FROM stale
WHERE (place IN (SELECT place FROM missing WHERE refusal IS NOT NULL)) IS NOT TRUE`;
