import type { Resolvers } from '../../generated/graphql.js';
import { actingPerson, actingUser, requireRole } from '../../services/access.js';
import { checkSurface } from '../../services/checks.js';
import { idOrNull, ids, numberOrNull, whole } from '../arguments.js';
import { DEFAULT_FIRST, MAX_FIRST, MAX_LIST } from '../bounds.js';
import { identified } from '../context.js';
import { moment } from '../inputs/moment.js';
import { trendingFilter } from '../inputs/trending.js';

const DEFAULT_SURFACE = 'home';

export const recommendations: Resolvers = {
  Query: {
    async recommendations(_, args, context) {
      const identity = identified(context);
      const request = {
        tenant: identity.tenant,
        userId: actingPerson(identity, idOrNull('userId', args.userId), idOrNull('sessionId', args.sessionId)),
        first: whole('first', args.first, DEFAULT_FIRST, { min: 1, max: MAX_FIRST }),
        surface: surface(args.surface),
        context: moment(args.context),
        filter: await trendingFilter(args.filter, identity, context),
        excludeSeen: args.excludeSeen ?? true,
        excludeIds: ids('excludeIds', args.excludeIds ?? [], 0, MAX_LIST),
        diversity: numberOrNull('diversity', args.diversity, { min: 0, max: 1 }),
        sessionId: idOrNull('sessionId', args.sessionId),
        requestId: idOrNull('requestId', args.requestId),
        signal: context.signal,
      };
      return context.services.recommendations.recommend(request, context.loaders.lookup);
    },
  },
  RecommendationResult: {
    async trace({ trace }, args, context) {
      requireRole(identified(context), 'service', 'admin');
      return trace(ids('itemIds', args.itemIds, 0, MAX_FIRST));
    },
  },
  Recommendation: { explanation: ({ explain }) => explain() },
  Mutation: {
    async refreshRecommendations(_, args, context) {
      const identity = identified(context);
      const userId = actingUser(identity, idOrNull('userId', args.userId));
      await context.services.recommendations.refresh(identity.tenant, userId);
      return true;
    },
  },
};

function surface(value: string | null | undefined): string {
  if (value == null) return DEFAULT_SURFACE;
  checkSurface('surface', value);
  return value;
}
