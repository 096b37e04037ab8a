import type { FeedCandidate, Post } from '../../domain/posts.js';

/** How often a person liked the posts of someone lately. */
export interface LikedAuthor {
  readonly authorId: string;
  readonly likes: number;
}

/**
 * What a person's feed is made of: the posts of whom they follow. The same whether a post was delivered to their timeline or
 * is read where it stands, and however far the delivery has come. Stops when the signal aborts, and throws its reason.
 */
export interface FeedStore {
  /** The newest `limit` since that moment (epoch ms), newest first, then by falling id. */
  followed(
    tenant: string,
    userId: string,
    since: number,
    limit: number,
    signal?: AbortSignal,
  ): Promise<FeedCandidate[]>;
  /** The same of everyone else, for a person who follows nobody. */
  everyone(
    tenant: string,
    userId: string,
    since: number,
    limit: number,
    signal?: AbortSignal,
  ): Promise<FeedCandidate[]>;
  /** In the order of `ids`: null where it is not there for the person, or they do not follow its author any more. */
  stillFollowed(tenant: string, userId: string, ids: readonly string[], signal?: AbortSignal): Promise<(Post | null)[]>;
  /** Over the person's newest `limit` likes of posts. */
  likedAuthors(tenant: string, userId: string, limit: number, signal?: AbortSignal): Promise<LikedAuthor[]>;
}
