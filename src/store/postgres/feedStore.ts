import type { Pool } from 'pg';
import type { FeedCandidate } from '../../domain/posts.js';
import type { FeedStore } from '../ports/feedStore.js';
import { selectUntil } from './cancellable.js';
import { inOrder, POST_COLUMNS } from './postRows.js';
import { asNumber, asText, asTexts } from './rows.js';
import { follows, shown, unblocked } from './visible.js';

const SINCE = 'to_timestamp($3::float8 / 1000.0)';
const NEWEST = 'ORDER BY created_at DESC, id DESC LIMIT $4';
const tags = (id: string) =>
  `(SELECT coalesce(i.tags, '{}') FROM items i WHERE i.tenant = $1 AND i.id = ${id} AND i.hidden_at IS NULL)`;

/** The posts of one followee `f` that a condition is true of, newest first, along the index of their author. */
const postsOf = (condition: string) => `
  SELECT p.id, f.followee_id AS author_id, p.created_at, p.likes, p.tags
  FROM follows f CROSS JOIN LATERAL (
    SELECT p.id, p.created_at, p.likes, ${tags('p.id')} AS tags FROM posts p
    WHERE p.tenant = $1 AND p.author_id = f.followee_id AND p.created_at > ${SINCE} ${condition} AND ${shown('p.id')}
    ${NEWEST}) p
  WHERE f.tenant = $1 AND f.follower_id = $2 AND ${unblocked('$2', 'f.followee_id')}`;

/**
 * What was delivered to the timeline; what is not delivered (not yet, or never, of an author with too many followers); and
 * what was posted before the person followed the author, until it is brought to the timeline. UNION leaves one of each:
 * together they are the posts of whom the person follows, at any moment of a delivery.
 */
const FOLLOWED = `
(SELECT t.post_id AS id, p.author_id, t.created_at, p.likes, p.tags
 FROM timelines t CROSS JOIN LATERAL (
   SELECT p.author_id, p.likes, ${tags('p.id')} AS tags FROM posts p
   WHERE p.tenant = $1 AND p.id = t.post_id AND ${follows('p.author_id')} AND ${unblocked('$2', 'p.author_id')}
   OFFSET 0) p
 WHERE t.tenant = $1 AND t.user_id = $2 AND t.created_at > ${SINCE} AND p.tags IS NOT NULL
 ORDER BY t.created_at DESC, t.post_id DESC LIMIT $4)
UNION (${postsOf('AND NOT p.delivered')} ${NEWEST})
UNION (${postsOf('')} AND NOT f.backfilled ${NEWEST})
${NEWEST}`;

const EVERYONE = `
SELECT p.id, p.author_id, p.created_at, p.likes, ${tags('p.id')} FROM posts p
WHERE p.tenant = $1 AND p.created_at > ${SINCE} AND p.author_id <> $2 AND ${unblocked('$2', 'p.author_id')} AND ${shown('p.id')}
${NEWEST}`;

export function createFeedStore({ pool }: { readonly pool: Pool }): FeedStore {
  return {
    async followed(tenant, userId, since, limit, signal) {
      const values = [tenant, userId, since, limit];
      return (await selectUntil(pool, signal, { name: 'feed_followed', text: FOLLOWED, values })).map(toCandidate);
    },

    async everyone(tenant, userId, since, limit, signal) {
      const values = [tenant, userId, since, limit];
      return (await selectUntil(pool, signal, { name: 'feed_everyone', text: EVERYONE, values })).map(toCandidate);
    },

    async stillFollowed(tenant, userId, ids, signal) {
      if (ids.length === 0) return [];
      const rows = await selectUntil(pool, signal, {
        name: 'feed_still_followed',
        text: `SELECT ${POST_COLUMNS} FROM posts p WHERE p.tenant = $1 AND p.id = ANY($3::text[]) AND ${shown('p.id')}
               AND ${follows('p.author_id')} AND ${unblocked('$2', 'p.author_id')}`,
        values: [tenant, userId, [...new Set(ids)]],
      });
      return inOrder(rows, ids);
    },

    async likedAuthors(tenant, userId, limit, signal) {
      const rows = await selectUntil(pool, signal, {
        name: 'liked_authors',
        text: `SELECT author_id, count(*)::int FROM (
                 SELECT (SELECT p.author_id FROM posts p WHERE p.tenant = $1 AND p.id = l.post_id) AS author_id
                 FROM post_likes l WHERE l.tenant = $1 AND l.user_id = $2 ORDER BY l.created_at DESC LIMIT $3) newest
               WHERE author_id IS NOT NULL GROUP BY author_id ORDER BY author_id`,
        values: [tenant, userId, limit],
      });
      return rows.map(([authorId, likes]) => ({ authorId: asText(authorId), likes: asNumber(likes) }));
    },
  };
}

function toCandidate([id, authorId, createdAt, likes, tagList]: readonly unknown[]): FeedCandidate {
  if (!(createdAt instanceof Date)) throw new Error('The database answered no time for a post.');
  return {
    id: asText(id),
    authorId: asText(authorId),
    createdAt: createdAt.getTime(),
    likes: asNumber(likes),
    tags: asTexts(tagList),
  };
}
