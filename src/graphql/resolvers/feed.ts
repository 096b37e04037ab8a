import type { Resolvers } from '../../generated/graphql.js';
import { actingUser } from '../../services/access.js';
import { idOrNull, textOrNull, whole } from '../arguments.js';
import { MAX_FIRST, MAX_SIMILAR } from '../bounds.js';
import { identified } from '../context.js';

const DEFAULT_FEED = 20;
const DEFAULT_PEOPLE = 5;

export const feed: Resolvers = {
  Query: {
    async feed(_, args, context) {
      const identity = identified(context);
      return context.services.feed.page({
        tenant: identity.tenant,
        userId: actingUser(identity, idOrNull('userId', args.userId)),
        first: whole('first', args.first, DEFAULT_FEED, { min: 1, max: MAX_FIRST }),
        after: textOrNull('after', args.after),
        order: args.order ?? 'RANKED',
        signal: context.signal,
      });
    },
  },
  FeedConnection: {
    async people({ source, userId }, args, context) {
      const { tenant } = identified(context);
      const first = whole('first', args.first, DEFAULT_PEOPLE, { min: 1, max: MAX_SIMILAR });
      if (source === 'FOLLOWED') return [];
      const { signal } = context;
      const request = { tenant, userId, first, filter: null, excludeSeen: true, sessionId: null, signal };
      const { recommendations } = await context.services.people.recommend(request, context.loaders.userLookup);
      return recommendations;
    },
  },
};
