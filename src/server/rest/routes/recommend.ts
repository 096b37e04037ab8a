import { z } from 'zod';
import { MAX_FIRST } from '../../../graphql/bounds.js';
import { actingUser } from '../../../services/access.js';
import { contextObject, id, momentOf, userId } from '../fields.js';
import { defineRoute } from '../route.js';

export const recommend = defineRoute({
  method: 'POST',
  path: '/v1/recommend',
  summary: 'Items for a person, best first',
  input: z.object({
    user_id: userId.optional(),
    context: contextObject.optional(),
    n: z.int().min(1).max(MAX_FIRST).default(10),
    request_id: id.describe('Asking again with the same one answers the same list for ten minutes.').optional(),
  }),
  output: {
    status: 200,
    schema: z.array(z.object({ item_id: z.string(), score: z.number(), reason: z.string() })),
  },
  limit: 'recommendations',
  cost: ({ n }) => 10 + 2 * n,
  async answer({ identity, services, loaders, signal }, input) {
    const { recommendations } = await services.recommendations.recommend(
      {
        tenant: identity.tenant,
        userId: actingUser(identity, input.user_id),
        first: input.n,
        surface: 'home',
        context: momentOf(input.context),
        filter: null,
        excludeSeen: true,
        excludeIds: [],
        diversity: null,
        sessionId: null,
        requestId: input.request_id ?? null,
        signal,
      },
      loaders.lookup,
    );
    return recommendations.map(({ item, score, reason }) => ({ item_id: item.id, score, reason }));
  },
});
