import { readdirSync, readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { buildSubgraph } from './federation.js';
import { resolvers } from './resolvers/index.js';

/** The SDL of every domain, from the package root. */
export function readTypeDefs(folder: URL = new URL('../../schema/', import.meta.url)): string {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
}

/** The contract with resolvers attached. A resolver that the SDL does not know is an error. */
export function buildSchema({ federation = false } = {}): GraphQLSchema {
  if (federation) return buildSubgraph(readTypeDefs(), resolvers);
  return makeExecutableSchema({
    typeDefs: readTypeDefs(),
    resolvers: [...resolvers],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
}
