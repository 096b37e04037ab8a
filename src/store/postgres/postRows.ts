import type { Comment, Post } from '../../domain/posts.js';
import { asDate, asNumber, asText } from './rows.js';

/** The columns that `toPost` reads, of posts `p`: counts with what was not added up yet. */
export const POST_COLUMNS = `p.id, p.author_id, p.media_key, p.media_type, p.created_at,
  p.likes + coalesce((SELECT sum(d.likes) FROM post_deltas d WHERE d.tenant = p.tenant AND d.post_id = p.id), 0)::int,
  p.comments + coalesce((SELECT sum(d.comments) FROM post_deltas d WHERE d.tenant = p.tenant AND d.post_id = p.id), 0)::int`;

export function toPost([id, authorId, key, type, createdAt, likes, comments]: readonly unknown[]): Post {
  return {
    id: asText(id),
    authorId: asText(authorId),
    media: key === null ? null : { key: asText(key), type: asText(type) },
    createdAt: asDate(createdAt),
    likes: asNumber(likes),
    comments: asNumber(comments),
  };
}

/** Posts in the order of `ids`, null where a row is missing. */
export function inOrder(rows: readonly (readonly unknown[])[], ids: readonly string[]): (Post | null)[] {
  const found = new Map(rows.map((row) => [asText(row[0]), toPost(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

/** The columns that `toComment` reads, of comments `c`. */
export const COMMENT_COLUMNS = 'c.id, c.post_id, c.author_id, c.text, c.created_at';

export function toComment([id, postId, authorId, text, createdAt]: readonly unknown[]): Comment {
  return {
    id: asText(id),
    postId: asText(postId),
    authorId: asText(authorId),
    text: asText(text),
    createdAt: asDate(createdAt),
  };
}
