import { z } from 'zod';
import { badInput } from '../../../domain/errors.js';
import { actingUser } from '../../../services/access.js';
import { userId } from '../fields.js';
import { performanceReport } from '../performance.js';
import { defineRoute } from '../route.js';

export const refresh = defineRoute({
  method: 'POST',
  path: '/v1/recommendations/refresh',
  summary: "Drop a person's cached lists, on every node",
  input: z.object({ user_id: userId.optional() }),
  output: { status: 200, schema: z.object({ refreshed: z.literal(true) }) },
  cost: () => 2,
  async answer({ identity, services }, input) {
    await services.recommendations.refresh(identity.tenant, actingUser(identity, input.user_id));
    return { refreshed: true };
  },
});

export const performance = defineRoute({
  method: 'GET',
  path: '/v1/recommendations/performance',
  summary: 'Latency of lists and of the cache, on this node since it started',
  input: z.object({}),
  output: { status: 200, schema: performanceReport },
  cost: () => 1,
  roles: ['service', 'admin'],
  answer: async (context) => context.performance(),
});

export const deploy = defineRoute({
  method: 'POST',
  path: '/v1/models/deploy',
  summary: 'Make a registered model version serve',
  input: z.object({
    model_version: z.string().min(1).max(128),
    canary_percent: z.number().min(0).max(100).default(100),
  }),
  output: { status: 200, schema: z.object({ model_version: z.string(), canary_percent: z.number() }) },
  cost: () => 100,
  roles: ['admin'],
  async answer({ identity, deploy: serve }, { model_version, canary_percent }) {
    if (canary_percent !== 100) {
      throw badInput('canary_percent', `must be 100: a version serves all or nobody, got ${canary_percent}`);
    }
    await serve(identity.tenant, model_version);
    return { model_version, canary_percent };
  },
});
