import { createHash } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import { CurioError } from '../../domain/errors.js';
import type { Post } from '../../domain/posts.js';
import type { CatalogueFeed } from '../../store/ports/catalogueFeed.js';
import type { MediaStore } from '../../store/ports/mediaStore.js';
import type { PostStore } from '../../store/ports/postStore.js';
import type { PubSub } from '../../store/ports/pubSub.js';
import { FEED_WORK } from '../feed/worker.js';
import type { FeedbackService } from '../feedback/types.js';
import { checkComment, checkPost, keyOfMedia, wordsOf } from './checkPost.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { PostService } from './types.js';

export interface PostDeps {
  readonly posts: PostStore;
  readonly catalogueFeed: Pick<CatalogueFeed, 'tell'>;
  readonly media: MediaStore;
  readonly feedback: Pick<FeedbackService, 'send'>;
  readonly pubSub: Pick<PubSub, 'publish'>;
  readonly autoUsers: boolean;
  readonly fanOutLimit: number;
  /** Most bytes of a file. */
  readonly mediaLimit: number;
  readonly newId: () => string;
  readonly clock: Clock;
}

export function createPostService(deps: PostDeps): PostService {
  const { posts, catalogueFeed, media, feedback, pubSub, newId, clock } = deps;

  const load = async (tenant: string, viewerId: string | null, id: string, signal?: AbortSignal): Promise<Post> => {
    const [post = null] = await posts.posts(tenant, viewerId, [id], signal);
    if (post !== null) return post;
    throw notFound('id', 'post', id);
  };

  return {
    async create(tenant, authorId, request, signal) {
      checkPost(request, deps.mediaLimit);
      const id = newId();
      const file = request.media === null ? null : { key: keyOfMedia(id, request.media), type: request.media.type };
      const draft = {
        id,
        authorId,
        ...wordsOf(request.text),
        media: file,
        previewUrl: file === null ? null : media.urlOf(file.key),
        createdAt: new Date(clock()),
      };
      const options = { createAuthor: deps.autoUsers, fanOutLimit: deps.fanOutLimit };
      const post = await posts.create(tenant, draft, options, signal);
      if (post === null) throw notFound('userId', 'user', authorId);
      await catalogueFeed.tell(tenant, { items: [id], users: [] });
      await pubSub.publish(FEED_WORK, '');
      const upload = file === null || request.media === null ? null : await media.sign(file.key, request.media);
      return { post, upload };
    },

    async delete({ tenant, userId, role }, id, signal) {
      const [post = null] = await posts.posts(tenant, null, [id], signal);
      if (post === null) return false;
      if (post.authorId !== userId && role === 'user') {
        throw new CurioError('FORBIDDEN', 'Only for the author or the role service or admin');
      }
      const deleted = await posts.delete(tenant, id, signal);
      await catalogueFeed.tell(tenant, { items: [id], users: [] });
      return deleted;
    },

    load: posts.posts,
    likedBy: posts.likedBy,

    async like(tenant, userId, postId, signal) {
      await load(tenant, userId, postId, signal);
      // A like is feedback too, once for each post however often it is taken back: lists learn from it.
      const eventId = `like-${createHash('sha256')
        .update(JSON.stringify([userId, postId]))
        .digest('base64url')}`;
      await feedback.send(tenant, { userId, action: 'LIKE', target: { itemId: postId }, eventId });
      await posts.like(tenant, postId, userId, new Date(clock()), signal);
      return load(tenant, userId, postId, signal);
    },

    async unlike(tenant, userId, postId, signal) {
      await posts.unlike(tenant, postId, userId, signal);
      return load(tenant, userId, postId, signal);
    },

    async comment(tenant, authorId, postId, text, signal) {
      checkComment(text);
      const comment = { id: newId(), postId, authorId, text, createdAt: new Date(clock()) };
      const written = await posts.comment(tenant, comment, { createAuthor: deps.autoUsers }, signal);
      if (written !== null) return written;
      await load(tenant, authorId, postId, signal);
      throw notFound('userId', 'user', authorId);
    },

    async comments(tenant, viewerId, postId, first, after, signal) {
      const from = after === null ? null : decodeCursor('after', after);
      await load(tenant, viewerId, postId, signal);
      // One more than asked for tells whether there is a next page.
      const found = await posts.comments(tenant, postId, viewerId, first + 1, from, signal);
      const edges = found.slice(0, first).map((node) => ({
        cursor: encodeCursor({ createdAt: node.createdAt.getTime(), id: node.id }),
        node,
      }));
      return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
    },

    mediaUrl: (key) => media.urlOf(key),
  };
}

function notFound(field: string, what: string, id: string): CurioError {
  return new CurioError('NOT_FOUND', `${field} names no ${what} there is: "${id}"`, { field });
}
