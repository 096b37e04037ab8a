import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GraphQLContext } from '../context.js';

/** Tells the request line of the log which operation ran, as `query ConsolePage`. */
export function summarise(): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async willSendResponse({ operation, operationName, contextValue: { summary } }) {
      if (operation) summary.operation = `${operation.operation} ${operationName ?? ''}`.trim();
    },
  };
  return { requestDidStart: async () => listener };
}
