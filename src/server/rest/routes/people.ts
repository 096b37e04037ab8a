import { z } from 'zod';
import { MAX_AGE } from '../../../graphql/bounds.js';
import { userFilter } from '../../../graphql/inputs/userFilter.js';
import { actingUser } from '../../../services/access.js';
import { person, personOf } from '../answers.js';
import { flag, id, limit } from '../fields.js';
import { defineRoute } from '../route.js';

const years = z.coerce.number().int().min(0).max(MAX_AGE);

export const recommendedUsers = defineRoute({
  method: 'GET',
  path: '/v1/users/{id}/recommendations',
  summary: 'People to meet or to follow',
  input: z.object({
    id,
    limit,
    exclude_seen: flag.default(true).describe('Leave out whom the person already acted on.'),
    min_age: years.optional(),
    max_age: years.optional(),
    location: z.string().optional(),
  }),
  output: {
    status: 200,
    schema: z.object({
      recommendations: z.array(person.extend({ match_score: z.number(), reason: z.string() })),
      total_count: z.int(),
      algorithm_version: z.string(),
      generation_time_ms: z.number(),
    }),
  },
  limit: 'recommendations',
  cost: (input) => 10 + 2 * input.limit,
  async answer({ identity, services, loaders, signal }, input) {
    const found = await services.people.recommend(
      {
        tenant: identity.tenant,
        userId: actingUser(identity, input.id),
        first: input.limit,
        filter: userFilter({
          minAge: input.min_age ?? null,
          maxAge: input.max_age ?? null,
          location: input.location ?? null,
        }),
        excludeSeen: input.exclude_seen,
        sessionId: null,
        signal,
      },
      loaders.userLookup,
    );
    return {
      recommendations: found.recommendations.map(({ user, matchScore, reason }) => ({
        ...personOf(user),
        match_score: matchScore,
        reason,
      })),
      total_count: found.totalCount,
      algorithm_version: found.algorithmVersion,
      generation_time_ms: found.generationTimeMs,
    };
  },
});

export const similarUsers = defineRoute({
  method: 'GET',
  path: '/v1/users/{id}/similar',
  summary: 'People like this one',
  input: z.object({ id, limit }),
  output: {
    status: 200,
    schema: z.object({ similar: z.array(person.extend({ score: z.number(), reason: z.string() })) }),
  },
  limit: 'recommendations',
  cost: (input) => 10 + 2 * input.limit,
  async answer({ identity, services, loaders, signal }, input) {
    const subject = actingUser(identity, input.id);
    const { tenant } = identity;
    const found = await services.people.similar(tenant, subject, input.limit, null, loaders.userLookup, signal);
    return { similar: found.map(({ user, score, reason }) => ({ ...personOf(user), score, reason })) };
  },
});
