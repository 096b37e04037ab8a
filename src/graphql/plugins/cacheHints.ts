import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { maxAgeOf } from '../cacheHints.js';
import type { GraphQLContext } from '../context.js';

export interface CacheHintsOptions {
  readonly schema: GraphQLSchema;
  /** Hints kept, by last use. */
  readonly cacheSize: number;
}

/** `Cache-Control` by the hints of the schema. Always private: what a caller sees depends on their token. */
export function cacheHints({ schema, cacheSize }: CacheHintsOptions): ApolloServerPlugin<GraphQLContext> {
  const known = new LRUCache<string, number>({ max: cacheSize });
  const listener: GraphQLRequestListener<GraphQLContext> = {
    async willSendResponse({ document, operation, queryHash, response: { body, http } }) {
      let seconds = 0;
      const fine = body.kind === 'single' && body.singleResult.errors === undefined;
      if (fine && document !== undefined && operation !== undefined && queryHash !== undefined) {
        const key = `${queryHash}\n${operation.name?.value ?? ''}`;
        seconds = known.get(key) ?? maxAgeOf(schema, document, operation);
        known.set(key, seconds);
      }
      http.headers.set('cache-control', seconds > 0 ? `max-age=${seconds}, private` : 'no-store');
    },
  };
  return { requestDidStart: async () => listener };
}
