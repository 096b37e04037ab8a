import { type ApolloServerPlugin, type GraphQLRequestListener, HeaderMap } from '@apollo/server';
import type { Tracer } from '../../domain/tracer.js';
import type { GraphQLContext } from '../context.js';
import type { Executor } from '../execution/executor.js';
import type { Mask } from '../mask.js';

export interface CompiledExecutionOptions {
  readonly executor: Executor;
  readonly mask: Mask;
  readonly tracer: Tracer;
}

/**
 * Executes operations as compiled functions, three to four times cheaper than walking the document each time. Apollo
 * then runs none of its execution hooks, error hooks or `formatError`, so errors are masked here.
 */
export function compiledExecution({
  executor,
  mask,
  tracer,
}: CompiledExecutionOptions): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async responseForOperation({ request, document, operation, queryHash, contextValue }) {
      if (operation === undefined || queryHash === undefined) return null;
      const variables: Readonly<Record<string, unknown>> = request.variables ?? {};
      const execution = { key: queryHash, document, operation, variables, context: contextValue };
      const result = await tracer.span(`graphql ${operation.operation}`, {}, async () => executor(execution));
      if (result === null) return null;
      const { data, errors } = result;
      const masked = errors === undefined ? undefined : mask(errors, contextValue, document);
      return {
        http: { headers: new HeaderMap() },
        body: { kind: 'single', singleResult: { data: data ?? null, ...(masked && { errors: masked }) } },
      };
    },
  };
  return { requestDidStart: async () => listener };
}
