import { CurioError } from '../../src/domain/errors.js';
import type { Post } from '../../src/domain/posts.js';
import type { FeedRequest, FeedService } from '../../src/services/feed/types.js';
import type { PostRequest, PostService } from '../../src/services/posts/types.js';

export interface FakePosts {
  readonly posts: PostService;
  readonly feed: FeedService;
  /** What the two were asked, and each read with its ids. */
  readonly asked: {
    readonly feeds: FeedRequest[];
    readonly created: (PostRequest & { readonly authorId: string })[];
    readonly reads: { readonly read: string; readonly ids: readonly string[] }[];
    readonly acts: (readonly string[])[];
  };
}

const DAY = Date.UTC(2026, 0, 1);

/** Every lens is a post of the person of its number, too. */
export function fakePosts(): FakePosts {
  const asked: FakePosts['asked'] = { feeds: [], created: [], reads: [], acts: [] };
  const postOf = (id: string): Post => ({
    id,
    authorId: id.replace('lens', 'user'),
    media: { key: `${id}.png`, type: 'image/png' },
    createdAt: new Date(DAY),
    likes: 3,
    comments: 1,
  });
  const known = (id: string) => {
    if (/^lens-\d+$/.test(id)) return postOf(id);
    throw new CurioError('NOT_FOUND', 'no such post', { field: 'id' });
  };
  return {
    asked,
    posts: {
      async create(_tenant, authorId, request) {
        asked.created.push({ ...request, authorId });
        const headers = { 'content-type': 'image/png' };
        const upload = { method: 'PUT' as const, url: '/media/x', headers, expiresAt: new Date(DAY) };
        return { post: postOf('lens-1'), upload: request.media === null ? null : upload };
      },
      async delete({ userId, role }, id) {
        if (role === 'user' && postOf(id).authorId !== userId) throw new CurioError('FORBIDDEN', 'not yours');
        return true;
      },
      async load(_tenant, _viewerId, ids) {
        asked.reads.push({ read: 'posts', ids });
        return ids.map((id) => (/^lens-\d+$/.test(id) ? postOf(id) : null));
      },
      async likedBy(_tenant, _userId, ids) {
        asked.reads.push({ read: 'likedBy', ids });
        return ids.map((id) => id === 'lens-1');
      },
      async like(_tenant, userId, id) {
        asked.acts.push(['like', userId, id]);
        return known(id);
      },
      async unlike(_tenant, userId, id) {
        asked.acts.push(['unlike', userId, id]);
        return known(id);
      },
      async comment(_tenant, authorId, postId, text) {
        asked.acts.push(['comment', authorId, postId, text]);
        return { id: 'comment-1', authorId, postId, text, createdAt: new Date(DAY) };
      },
      async comments(_tenant, _viewerId, postId, first) {
        const comment = { id: 'comment-1', authorId: 'user-3', postId, text: 'Well!', createdAt: new Date(DAY) };
        const edges = Array.from({ length: Math.min(first, 2) }, (_, at) => ({ cursor: String(at), node: comment }));
        return { edges, pageInfo: { hasNextPage: false, endCursor: '1' } };
      },
      mediaUrl: (key) => `/media/${key}`,
    },
    feed: {
      async page(request) {
        asked.feeds.push(request);
        const edges = Array.from({ length: request.first }, (_, at) => ({
          cursor: `c${at}`,
          node: postOf(`lens-${at}`),
          score: 1 / (at + 1),
          reason: 'Because',
        }));
        const source = request.userId === 'user-9' ? ('RECOMMENDED' as const) : ('FOLLOWED' as const);
        const pageInfo = { hasNextPage: true, endCursor: edges.at(-1)?.cursor ?? null };
        return { userId: request.userId, order: request.order, source, edges, pageInfo, degraded: 'NONE' as const };
      },
    },
  };
}
