import type { Identity } from '../../domain/identity.js';
import type { Comment, Post } from '../../domain/posts.js';
import type { MediaTicket, MediaUpload } from '../../store/ports/mediaStore.js';

export type { Comment, MediaUpload, Post };

export interface PostRequest {
  /** 1 to 5,000 characters; `#words` in it become tags. */
  readonly text: string;
  readonly media: MediaTicket | null;
}

export interface CommentPage {
  readonly edges: readonly { readonly cursor: string; readonly node: Comment }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/**
 * Who may speak for whom is checked by the caller (`services/access.ts`), but for who may delete. What a signal stops before it is
 * durable is not done.
 */
export interface PostService {
  /** Durable when answered, and in the feeds of followers at once. @throws BAD_USER_INPUT, or NOT_FOUND for an author who is nobody. */
  create(
    tenant: string,
    authorId: string,
    request: PostRequest,
    signal?: AbortSignal,
  ): Promise<{ post: Post; upload: MediaUpload | null }>;
  /** False when there is none. @throws FORBIDDEN for a post of someone else, unless a service or an admin asks. */
  delete(identity: Identity, id: string, signal?: AbortSignal): Promise<boolean>;
  /** In the order of `ids`; null where there is none for the viewer. */
  load(tenant: string, viewerId: string | null, ids: readonly string[], signal?: AbortSignal): Promise<(Post | null)[]>;
  likedBy(tenant: string, userId: string, ids: readonly string[], signal?: AbortSignal): Promise<boolean[]>;
  /** Idempotent. @throws NOT_FOUND */
  like(tenant: string, userId: string, postId: string, signal?: AbortSignal): Promise<Post>;
  /** Idempotent. @throws NOT_FOUND */
  unlike(tenant: string, userId: string, postId: string, signal?: AbortSignal): Promise<Post>;
  /** @throws BAD_USER_INPUT or NOT_FOUND */
  comment(tenant: string, authorId: string, postId: string, text: string, signal?: AbortSignal): Promise<Comment>;
  /** Newest first; stable while new ones arrive. @throws BAD_USER_INPUT for a cursor that is not ours, or NOT_FOUND. */
  comments(
    tenant: string,
    viewerId: string | null,
    postId: string,
    first: number,
    after: string | null,
    signal?: AbortSignal,
  ): Promise<CommentPage>;
  mediaUrl(key: string): string;
}
