import type { Comment, Post, PostDraft } from '../../domain/posts.js';

/** The place after which a page of comments starts. */
export interface CommentCursor {
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly id: string;
}

export interface CreatePostOptions {
  /** Whether an author nobody has heard of is created. */
  readonly createAuthor: boolean;
  /** With more followers than this the post is not delivered to timelines but read where it stands. */
  readonly fanOutLimit: number;
}

/** What became of a like: `unknown` where there is no such post for this person. */
export type LikeOutcome = 'changed' | 'unchanged' | 'unknown';

/**
 * Posts with their likes and comments. A post is there for a person unless it is hidden or deleted, or one of the two blocks the
 * other. Counts are exact at any moment, and each change of one is durable with what it counts.
 * A signal that aborts stops what is done, and undoes a change that is not durable yet; its reason is thrown.
 */
export interface PostStore {
  /** Writes the item, the post and the job that delivers it, all or nothing. Null where the author is nobody. */
  create(tenant: string, draft: PostDraft, options: CreatePostOptions, signal?: AbortSignal): Promise<Post | null>;
  /** In the order of `ids`; null where there is none for the viewer (null: for anyone). */
  posts(
    tenant: string,
    viewerId: string | null,
    ids: readonly string[],
    signal?: AbortSignal,
  ): Promise<(Post | null)[]>;
  /** The post, its likes and comments go; its item stays, hidden and without words, for what was learned from it. */
  delete(tenant: string, id: string, signal?: AbortSignal): Promise<boolean>;
  like(tenant: string, postId: string, userId: string, at: Date, signal?: AbortSignal): Promise<LikeOutcome>;
  unlike(tenant: string, postId: string, userId: string, signal?: AbortSignal): Promise<LikeOutcome>;
  /** In the order of `postIds`. */
  likedBy(tenant: string, userId: string, postIds: readonly string[], signal?: AbortSignal): Promise<boolean[]>;
  /** Null where there is no such post for the author of the comment, or the author is nobody. */
  comment(
    tenant: string,
    comment: Comment,
    options: { readonly createAuthor: boolean },
    signal?: AbortSignal,
  ): Promise<Comment | null>;
  /** Newest first, without those of people who block the viewer or whom the viewer blocks. */
  comments(
    tenant: string,
    postId: string,
    viewerId: string | null,
    limit: number,
    after: CommentCursor | null,
    signal?: AbortSignal,
  ): Promise<Comment[]>;
}
