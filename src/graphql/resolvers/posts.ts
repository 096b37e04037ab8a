import type { Resolvers } from '../../generated/graphql.js';
import { actingUser } from '../../services/access.js';
import { id, idOrNull, textOrNull, whole } from '../arguments.js';
import { DEFAULT_FIRST, MAX_FIRST, MAX_SIMILAR } from '../bounds.js';
import { identified } from '../context.js';

const DEFAULT_COMMENTS = 20;

export const posts: Resolvers = {
  Query: {
    post(_, args, context) {
      identified(context);
      return context.loaders.post.load(id('id', args.id));
    },
    async comments(_, args, context) {
      const { tenant, userId } = identified(context);
      const first = whole('first', args.first, DEFAULT_COMMENTS, { min: 1, max: MAX_FIRST });
      const postId = id('postId', args.postId);
      return context.services.posts.comments(
        tenant,
        userId,
        postId,
        first,
        textOrNull('after', args.after),
        context.signal,
      );
    },
  },
  Mutation: {
    async createPost(_, { input, userId }, context) {
      const identity = identified(context);
      const authorId = actingUser(identity, idOrNull('userId', userId));
      const { text, media } = input;
      return context.services.posts.create(identity.tenant, authorId, { text, media: media ?? null }, context.signal);
    },
    deletePost: (_, args, context) =>
      context.services.posts.delete(identified(context), id('id', args.id), context.signal),
    async likePost(_, args, context) {
      const identity = identified(context);
      const userId = actingUser(identity, idOrNull('userId', args.userId));
      return context.services.posts.like(identity.tenant, userId, id('id', args.id), context.signal);
    },
    async unlikePost(_, args, context) {
      const identity = identified(context);
      const userId = actingUser(identity, idOrNull('userId', args.userId));
      return context.services.posts.unlike(identity.tenant, userId, id('id', args.id), context.signal);
    },
    async comment(_, args, context) {
      const identity = identified(context);
      const userId = actingUser(identity, idOrNull('userId', args.userId));
      return context.services.posts.comment(
        identity.tenant,
        userId,
        id('postId', args.postId),
        args.text,
        context.signal,
      );
    },
  },
  Post: {
    item: ({ id: itemId }, _args, { loaders }) => loaders.item.load(itemId),
    author: ({ authorId }, _args, { loaders }) => loaders.user.load(authorId),
    async text({ id: itemId }, _args, { loaders }) {
      return (await loaders.item.load(itemId))?.description ?? '';
    },
    media: ({ media }, _args, { services }) =>
      media === null ? null : { type: media.type, url: services.posts.mediaUrl(media.key) },
    likeCount: ({ likes }) => likes,
    commentCount: ({ comments }) => comments,
    likedByViewer: ({ id: postId }, _args, { loaders }) => loaders.likedPost.load(postId),
    async comments(post, args, context) {
      const { tenant, userId } = identified(context);
      const first = whole('first', args.first, DEFAULT_FIRST, { min: 1, max: MAX_SIMILAR });
      return context.services.posts.comments(
        tenant,
        userId,
        post.id,
        first,
        textOrNull('after', args.after),
        context.signal,
      );
    },
  },
  Comment: {
    author: ({ authorId }, _args, { loaders }) => loaders.user.load(authorId),
  },
};
