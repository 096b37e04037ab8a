import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { CurioError } from '../../domain/errors.js';
import type { GraphQLContext } from '../context.js';

/** Tells who subscribes by a plain request where to do so. */
export function subscriptionsElsewhere(): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async didResolveOperation({ operation }) {
      if (operation?.operation !== 'subscription') return;
      const text =
        'Subscriptions are served over WebSocket (graphql-ws) and as server-sent events (Accept: text/event-stream)';
      throw new GraphQLError(text, {
        originalError: new CurioError('BAD_USER_INPUT', text),
        extensions: { http: { status: 400 } },
      });
    },
  };
  return { requestDidStart: async () => listener };
}
