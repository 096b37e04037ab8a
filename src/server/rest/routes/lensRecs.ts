import { z } from 'zod';
import { actingPerson } from '../../../services/access.js';
import { lens, lensOf } from '../answers.js';
import { contextText, id, momentOf, num, objectOf, userId } from '../fields.js';
import { defineRoute } from '../route.js';

export const lensRecs = defineRoute({
  method: 'GET',
  path: '/v1/lens_recs',
  summary: 'Lenses for a person',
  input: z.object({
    user_id: userId.optional(),
    context: contextText.optional(),
    num,
    session_id: id.optional(),
  }),
  output: {
    status: 200,
    schema: z.object({
      recommendations: z.array(lens.extend({ score: z.number(), reason: z.string() })),
      request_id: z.string().describe('Quote it in feedback: it ties the action to this list.'),
    }),
  },
  limit: 'recommendations',
  cost: (input) => 10 + 2 * input.num,
  async answer({ identity, services, loaders, signal }, input) {
    const { requestId, recommendations } = await services.recommendations.recommend(
      {
        tenant: identity.tenant,
        userId: actingPerson(identity, input.user_id, input.session_id),
        first: input.num,
        surface: 'home',
        context: momentOf(objectOf('context', input.context)),
        filter: null,
        excludeSeen: true,
        excludeIds: [],
        diversity: null,
        sessionId: input.session_id ?? null,
        requestId: null,
        signal,
      },
      loaders.lookup,
    );
    return {
      recommendations: recommendations.map(({ item, score, reason }) => ({ ...lensOf(item), score, reason })),
      request_id: requestId,
    };
  },
});
