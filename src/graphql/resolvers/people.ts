import type { Resolvers } from '../../generated/graphql.js';
import { actingUser } from '../../services/access.js';
import { id, idOrNull, whole } from '../arguments.js';
import { DEFAULT_FIRST, MAX_FIRST } from '../bounds.js';
import { identified } from '../context.js';
import { relate } from '../inputs/relation.js';
import { userFilter } from '../inputs/userFilter.js';

export const people: Resolvers = {
  Query: {
    async recommendedUsers(_, args, context) {
      const identity = identified(context);
      const request = {
        tenant: identity.tenant,
        userId: actingUser(identity, idOrNull('userId', args.userId)),
        first: whole('first', args.first, DEFAULT_FIRST, { min: 1, max: MAX_FIRST }),
        filter: userFilter(args.filter),
        excludeSeen: args.excludeSeen ?? true,
        sessionId: idOrNull('sessionId', args.sessionId),
        signal: context.signal,
      };
      return context.services.people.recommend(request, context.loaders.userLookup);
    },
    async similarUsers(_, args, context) {
      const identity = identified(context);
      const userId = actingUser(identity, id('userId', args.userId));
      const first = whole('first', args.first, DEFAULT_FIRST, { min: 1, max: MAX_FIRST });
      const filter = userFilter(args.filter);
      const { loaders, services, signal } = context;
      return services.people.similar(identity.tenant, userId, first, filter, loaders.userLookup, signal);
    },
  },
  Mutation: {
    follow: (_, args, context) => relate(context, args, 'FOLLOW'),
    unfollow: (_, args, context) => relate(context, args, 'UNFOLLOW'),
    block: (_, args, context) => relate(context, args, 'BLOCK'),
    unblock: (_, args, context) => relate(context, args, 'UNBLOCK'),
  },
};
