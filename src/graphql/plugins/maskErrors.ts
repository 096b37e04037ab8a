import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { Log } from '../../domain/log.js';
import type { GraphQLContext } from '../context.js';
import type { Mask } from '../mask.js';

export interface MaskErrorsOptions {
  readonly mask: Mask;
  readonly log: Log;
}

/** Masks what Apollo caught itself: faults of syntax, validation and variables, and what graphql-js executed. */
export function maskErrors({ mask, log }: MaskErrorsOptions): ApolloServerPlugin<GraphQLContext> {
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async willSendResponse({ response, errors, document, contextValue }) {
      if (errors === undefined || response.body.kind !== 'single') return;
      response.body.singleResult.errors = mask(errors, contextValue, document);
    },
  };
  return {
    requestDidStart: async () => listener,
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      const { requestId } = requestContext.contextValue;
      log.error({ err: error, requestId }, 'an operation could not be processed');
    },
  };
}
