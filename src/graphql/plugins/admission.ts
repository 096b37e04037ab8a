import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { CurioError } from '../../domain/errors.js';
import type { Standing } from '../../limits/gate.js';
import type { GraphQLContext } from '../context.js';
import { type CostPlan, planCost } from '../limits/plan.js';

export interface AdmissionOptions {
  readonly schema: GraphQLSchema;
  /** What one operation may cost at most. */
  readonly maxCost: number;
  /** Plans kept, by last use. */
  readonly cacheSize: number;
}

/**
 * Counts an operation before it runs, by what it asks for: refused, nothing of it has run. `extensions.cost` is answered to
 * those who send `extensions: { cost: true }`.
 */
export function admission({ schema, maxCost, cacheSize }: AdmissionOptions): ApolloServerPlugin<GraphQLContext> {
  const plans = new LRUCache<string, CostPlan>({ max: cacheSize });
  return {
    async requestDidStart({ request }) {
      let cost = 0;
      let standing: Standing | null = null;
      const listener: GraphQLRequestListener<GraphQLContext> = {
        async didResolveOperation({ document, operation, queryHash, contextValue }) {
          if (operation === undefined) return;
          const key = `${queryHash}\n${operation.name?.value ?? ''}`;
          const plan = plans.get(key) ?? planCost(schema, document, operation);
          plans.set(key, plan);
          const variables: Readonly<Record<string, unknown>> = request.variables ?? {};
          cost = plan.cost(variables);
          if (cost > maxCost) throw refused(tooCostly(cost, maxCost), 400);
          const charges = plan.charges(variables);
          if (cost > 0) charges.set('cost', cost);
          const admitted = await contextValue.admit(charges);
          standing = admitted.cost;
          if (admitted.refusal !== null) throw refused(admitted.refusal, 200);
        },
      };
      if (request.extensions?.cost !== true) return listener;
      return {
        ...listener,
        async willSendResponse({ response: { body } }) {
          if (body.kind !== 'single') return;
          const left = standing === null ? {} : { limit: standing.limit, remaining: standing.remaining };
          body.singleResult.extensions = {
            ...body.singleResult.extensions,
            cost: { requested: cost, maxCost, ...left },
          };
        },
      };
    },
  };
}

export function tooCostly(cost: number, most: number): CurioError {
  const text = `The operation costs ${cost.toLocaleString('en')}; at most ${most.toLocaleString('en')} is allowed`;
  return new CurioError('BAD_USER_INPUT', text, { cost, maxCost: most });
}

/** Apollo would answer 500 to what is thrown here. */
function refused(error: CurioError, status: number): GraphQLError {
  return new GraphQLError(error.message, { originalError: error, extensions: { http: { status } } });
}
