import type { Pool, PoolClient } from 'pg';
import type { PostDraft } from '../../domain/posts.js';
import type { CreatePostOptions, LikeOutcome, PostStore } from '../ports/postStore.js';
import { connectedUntil, selectUntil } from './cancellable.js';
import { erasePosts } from './erasePosts.js';
import { inTransaction } from './pool.js';
import { COMMENT_COLUMNS, inOrder, POST_COLUMNS, toComment } from './postRows.js';
import { retrying } from './retry.js';
import { asNumber, asText, execute, select } from './rows.js';
import { shown, unblocked } from './visible.js';

/** The post `$2`, if it is there for `$3`. It cannot be deleted before the statement has ended. */
const THE_POST = `post AS (
  SELECT p.id FROM posts p WHERE p.tenant = $1 AND p.id = $2 AND ${unblocked('$3', 'p.author_id')} AND ${shown('p.id')}
  FOR KEY SHARE)`;

/** Nor can the person be erased. */
const THE_PERSON = 'person AS (SELECT u.id FROM users u WHERE u.tenant = $1 AND u.id = $3 FOR KEY SHARE)';

const LIKE = `WITH ${THE_POST}, ${THE_PERSON}, liked AS (
  INSERT INTO post_likes (tenant, post_id, user_id, created_at) SELECT $1, post.id, $3, $4 FROM post, person
  ON CONFLICT DO NOTHING RETURNING 1
), counted AS (
  INSERT INTO post_deltas (tenant, post_id, likes, comments) SELECT $1, $2, 1, 0 FROM liked)
SELECT (SELECT count(*) FROM post, person)::int, (SELECT count(*) FROM liked)::int`;

const UNLIKE = `WITH ${THE_POST}, gone AS (
  DELETE FROM post_likes WHERE tenant = $1 AND post_id = $2 AND user_id = $3 RETURNING 1
), counted AS (
  INSERT INTO post_deltas (tenant, post_id, likes, comments) SELECT $1, $2, -1, 0 FROM gone)
SELECT (SELECT count(*) FROM post)::int, (SELECT count(*) FROM gone)::int`;

const COMMENT = `WITH ${THE_POST}, ${THE_PERSON}, written AS (
  INSERT INTO post_comments AS c (tenant, id, post_id, author_id, text, created_at)
  SELECT $1, $4, post.id, $3, $5, $6 FROM post, person RETURNING ${COMMENT_COLUMNS}
), counted AS (
  INSERT INTO post_deltas (tenant, post_id, likes, comments) SELECT $1, $2, 0, 1 FROM written)
SELECT * FROM written`;

export function createPostStore({ pool }: { readonly pool: Pool }): PostStore {
  const posts: PostStore['posts'] = async (tenant, viewerId, ids, signal) => {
    if (ids.length === 0) return [];
    const rows = await selectUntil(pool, signal, {
      name: 'posts',
      text: `SELECT ${POST_COLUMNS} FROM posts p WHERE p.tenant = $1 AND p.id = ANY($3::text[]) AND ${shown('p.id')}
             AND ($2::text IS NULL OR (${unblocked('$2', 'p.author_id')}))`,
      values: [tenant, viewerId, [...new Set(ids)]],
    });
    return inOrder(rows, ids);
  };

  return {
    posts,

    async create(tenant, draft, options, signal) {
      const written = await retrying(() =>
        inTransaction(pool, (client) => write(client, tenant, draft, options), signal),
      );
      if (!written) return null;
      const { id, authorId, media, createdAt } = draft;
      return { id, authorId, media, createdAt, likes: 0, comments: 0 };
    },

    delete: (tenant, id, signal) =>
      retrying(() => inTransaction(pool, (client) => erasePosts(client, tenant, [id]), signal)),

    async like(tenant, postId, userId, at, signal) {
      const values = [tenant, postId, userId, at];
      return outcomeOf(await retrying(() => selectUntil(pool, signal, { name: 'like_post', text: LIKE, values })));
    },

    async unlike(tenant, postId, userId, signal) {
      const values = [tenant, postId, userId];
      return outcomeOf(await retrying(() => selectUntil(pool, signal, { name: 'unlike_post', text: UNLIKE, values })));
    },

    async likedBy(tenant, userId, postIds, signal) {
      const rows = await selectUntil(pool, signal, {
        name: 'liked_by',
        text: 'SELECT post_id FROM post_likes WHERE tenant = $1 AND user_id = $2 AND post_id = ANY($3::text[])',
        values: [tenant, userId, postIds],
      });
      const liked = new Set(rows.map(([id]) => asText(id)));
      return postIds.map((id) => liked.has(id));
    },

    async comment(tenant, { id, postId, authorId, text, createdAt }, { createAuthor }, signal) {
      if (createAuthor) {
        await connectedUntil(pool, signal, (client) => ensureUser(client, tenant, authorId, createdAt));
      }
      const values = [tenant, postId, authorId, id, text, createdAt];
      const [row] = await retrying(() => selectUntil(pool, signal, { name: 'comment_post', text: COMMENT, values }));
      return row === undefined ? null : toComment(row);
    },

    async comments(tenant, postId, viewerId, limit, after, signal) {
      const rows = await selectUntil(pool, signal, {
        name: after === null ? 'comments' : 'comments_after',
        text: `SELECT ${COMMENT_COLUMNS} FROM post_comments c WHERE c.tenant = $1 AND c.post_id = $3
                 AND ($2::text IS NULL OR (${unblocked('$2', 'c.author_id')}))
                 ${after === null ? '' : 'AND (c.created_at, c.id) < (to_timestamp($5::float8 / 1000.0), $6)'}
               ORDER BY c.created_at DESC, c.id DESC LIMIT $4`,
        values: [tenant, viewerId, postId, limit, ...(after === null ? [] : [after.createdAt, after.id])],
      });
      return rows.map(toComment);
    },
  };
}

async function write(
  client: PoolClient,
  tenant: string,
  draft: PostDraft,
  { createAuthor, fanOutLimit }: CreatePostOptions,
): Promise<boolean> {
  const { id, authorId, title, text, tags, media, previewUrl, createdAt } = draft;
  if (createAuthor) await ensureUser(client, tenant, authorId, createdAt);
  const author = await select(client, {
    text: 'SELECT 1 FROM users WHERE tenant = $1 AND id = $2 FOR KEY SHARE',
    values: [tenant, authorId],
  });
  if (author.length === 0) return false;
  await execute(client, {
    text: `INSERT INTO items (tenant, id, kind, title, description, tags, preview_url, author_id, created_at, updated_at)
           VALUES ($1, $2, 'post', $3, $4, $5, $6, $7, $8, $8)`,
    values: [tenant, id, title, text, tags, previewUrl, authorId, createdAt],
  });
  await execute(client, {
    text: `INSERT INTO posts (tenant, id, author_id, media_key, media_type, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    values: [tenant, id, authorId, media?.key ?? null, media?.type ?? null, createdAt],
  });
  // A post of someone without followers has a job too: who follows them at this moment may not be seen here.
  await execute(client, {
    text: `INSERT INTO feed_jobs (tenant, post_id, author_id) SELECT $1, $2, $3 WHERE (SELECT count(*) FROM (
             SELECT 1 FROM follows WHERE tenant = $1 AND followee_id = $3 LIMIT $4::int + 1) f) <= $4::int`,
    values: [tenant, id, authorId, fanOutLimit],
  });
  return true;
}

async function ensureUser(on: PoolClient, tenant: string, id: string, at: Date): Promise<void> {
  await execute(on, {
    name: 'ensure_user',
    text: `INSERT INTO users (tenant, id, name, interests, created_at, updated_at) VALUES ($1, $2, $2, '{}', $3, now())
           ON CONFLICT DO NOTHING`,
    values: [tenant, id, at],
  });
}

function outcomeOf([row = []]: readonly (readonly unknown[])[]): LikeOutcome {
  const [found, changed] = row.map(asNumber);
  if (found === 0) return 'unknown';
  return changed === 0 ? 'unchanged' : 'changed';
}
