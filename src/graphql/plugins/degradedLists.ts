import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLContext } from '../context.js';

/**
 * `extensions.degraded` names the plain lists of an answer (`trending`, or its alias) that are what was known here, or empty, because the
 * stores did not answer in time. Lists whose type has a field `degraded` say it there.
 */
export function degradedLists(): ApolloServerPlugin<GraphQLContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue: { degraded }, response: { body } }) {
          if (degraded.size === 0 || body.kind !== 'single') return;
          body.singleResult.extensions = { ...body.singleResult.extensions, degraded: [...degraded].sort() };
        },
      };
    },
  };
}
