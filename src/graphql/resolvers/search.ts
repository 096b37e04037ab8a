import type { Resolvers } from '../../generated/graphql.js';
import { checkLine } from '../../services/checks.js';
import { textOrNull, whole } from '../arguments.js';
import { DEFAULT_FIRST, MAX_FIRST, MAX_SUGGESTIONS, MAX_TEXT } from '../bounds.js';
import { identified } from '../context.js';
import { trendingFilter } from '../inputs/trending.js';

export const search: Resolvers = {
  Query: {
    async search(_, args, context) {
      const identity = identified(context);
      const { tenant, userId } = identity;
      checkLine('query', args.query, MAX_TEXT, 1);
      const request = {
        tenant,
        userId: args.personalize === false ? null : userId,
        query: args.query,
        first: whole('first', args.first, DEFAULT_FIRST, { min: 1, max: MAX_FIRST }),
        after: textOrNull('after', args.after),
        filter: await trendingFilter(args.filter, identity, context),
        signal: context.signal,
      };
      return context.services.search.search(request, context.loaders.lookup);
    },
    async suggest(_, args, context) {
      const { tenant } = identified(context);
      checkLine('prefix', args.prefix, MAX_TEXT, 0);
      const first = whole('first', args.first, DEFAULT_FIRST, { min: 1, max: MAX_SUGGESTIONS });
      return context.services.search.suggest(tenant, args.prefix, first);
    },
  },
};
