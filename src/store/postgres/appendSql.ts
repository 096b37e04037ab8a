/**
 * The one statement behind `append`: judges a group of events, creates who and what may be created, and writes log,
 * ledger, counts and follows, all or nothing. Answers a row only for events that were not stored.
 *
 * Users are locked FOR KEY SHARE, as a foreign key would, so that erasing a person and storing their event cannot
 * pass each other unseen. Every write is ordered, so that statements of several nodes wait for each other in turn
 * instead of in a circle: users, items, ledger, counts.
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
  SELECT u.tenant, u.id FROM users u
  JOIN (SELECT tenant, user_id AS id FROM input
        UNION SELECT tenant, target_id FROM input WHERE target_id IS NOT NULL) named USING (tenant, id)
  ORDER BY u.tenant, u.id FOR KEY SHARE OF u
), things AS MATERIALIZED (
  SELECT i.tenant, i.id FROM items i
  JOIN (SELECT DISTINCT tenant, item_id AS id FROM input WHERE item_id IS NOT NULL) named USING (tenant, id)
), judged AS MATERIALIZED (
  SELECT input.*, actor.id IS NULL AS new_actor, target.id IS NULL AND target_id IS NOT NULL AS new_target,
    thing.id IS NULL AND item_id IS NOT NULL AS new_thing,
    CASE WHEN actor.id IS NULL AND creates = 0 THEN 'unknown_user'
         WHEN (item_id IS NOT NULL AND thing.id IS NULL OR target_id IS NOT NULL AND target.id IS NULL)
              AND creates < 2 THEN 'unknown_target' END AS refusal
  FROM input
  LEFT JOIN people actor ON actor.tenant = input.tenant AND actor.id = input.user_id
  LEFT JOIN people target ON target.tenant = input.tenant AND target.id = input.target_id
  LEFT JOIN things thing ON thing.tenant = input.tenant AND thing.id = input.item_id
), new_people AS (
  INSERT INTO users AS u (tenant, id, name, interests, created_at, updated_at)
  SELECT tenant, id, id, '{}', to_timestamp(min(at) / 1000.0), now() FROM (
    SELECT tenant, user_id AS id, at FROM judged WHERE new_actor AND refusal IS NULL
    UNION ALL SELECT tenant, target_id, at FROM judged WHERE new_target AND refusal IS NULL) named
  GROUP BY tenant, id ORDER BY tenant, id
  ON CONFLICT (tenant, id) DO UPDATE SET name = u.name WHERE false
  RETURNING 1
), new_things AS (
  INSERT INTO items (tenant, id, kind, title, tags, created_at, updated_at)
  SELECT tenant, item_id, 'item', item_id, '{}', to_timestamp(min(at) / 1000.0), now()
  FROM judged WHERE new_thing AND refusal IS NULL
    AND (SELECT count(*) FROM new_people) >= 0
  GROUP BY tenant, item_id ORDER BY tenant, item_id
  ON CONFLICT DO NOTHING
  RETURNING 1
), fresh AS (
  INSERT INTO event_keys (tenant, event_id)
  SELECT tenant, event_id FROM judged WHERE refusal IS NULL
    AND (SELECT count(*) FROM new_things) >= 0
  ORDER BY tenant, event_id
  ON CONFLICT DO NOTHING
  RETURNING tenant, event_id
), stored AS MATERIALIZED (
  SELECT judged.* FROM judged JOIN fresh USING (tenant, event_id)
), logged AS (
  INSERT INTO interactions (tenant, user_id, occurred_at, event_id, item_id, target_user_id, action, value, duration_ms,
                            request_id, position, context)
  SELECT tenant, user_id, to_timestamp(at / 1000.0), event_id, item_id, target_id, action::action, value, duration_ms,
         request_id, position, context::jsonb
  FROM stored ORDER BY place
), counted AS (
  INSERT INTO item_stats AS s (tenant, item_id, views, likes, saves, shares, popularity)
  SELECT tenant, item_id, count(*) FILTER (WHERE action = 'VIEW'), count(*) FILTER (WHERE action = 'LIKE'),
         count(*) FILTER (WHERE action = 'SAVE'), count(*) FILTER (WHERE action = 'SHARE'),
         count(*) FILTER (WHERE positive)
  FROM stored WHERE item_id IS NOT NULL AND (positive OR action IN ('VIEW', 'LIKE', 'SAVE', 'SHARE'))
  GROUP BY tenant, item_id ORDER BY tenant, item_id
  ON CONFLICT (tenant, item_id) DO UPDATE SET
    views = s.views + excluded.views, likes = s.likes + excluded.likes, saves = s.saves + excluded.saves,
    shares = s.shares + excluded.shares, popularity = s.popularity + excluded.popularity
), social AS MATERIALIZED (
  SELECT DISTINCT ON (tenant, user_id, target_id) tenant, user_id, target_id, action, at
  FROM stored WHERE target_id IS NOT NULL AND action IN ('FOLLOW', 'UNFOLLOW')
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
)
SELECT judged.place::int - 1, coalesce(judged.refusal, 'duplicate') FROM judged
LEFT JOIN stored USING (place) WHERE stored.place IS NULL`;
