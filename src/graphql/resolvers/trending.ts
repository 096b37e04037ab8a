import type { Resolvers } from '../../generated/graphql.js';
import type { TrendingUpdate } from '../../services/trending/types.js';
import { idOrNull } from '../arguments.js';
import { identified } from '../context.js';
import { trendingRequest } from '../inputs/trending.js';

export const trending: Resolvers = {
  Query: {
    async trending(_, args, context, { path }) {
      const request = trendingRequest(identified(context), args);
      const { items, degraded } = await context.services.trending.list(request);
      if (degraded) context.degraded.add(String(path.key));
      return items;
    },
  },
  Subscription: {
    trendingUpdated: {
      async subscribe(_, args, context) {
        const request = trendingRequest(identified(context), args);
        const after = idOrNull('after', args.after) ?? context.resumeAfter;
        return context.services.trending.subscribe(request, after);
      },
      resolve: (update: TrendingUpdate) => update,
    },
  },
};
