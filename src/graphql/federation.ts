import { buildSubgraphSchema } from '@apollo/subgraph';
import { addResolversToSchema } from '@graphql-tools/schema';
import { type GraphQLSchema, parse } from 'graphql';
import { z } from 'zod';
import { badInput } from '../domain/errors.js';
import type { Resolvers } from '../generated/graphql.js';
import { id } from './arguments.js';
import { type GraphQLContext, identified } from './context.js';

/** The library does not know `@oneOf` yet; graphql-js does, and goes on to obey it. */
const EXTENSION = `
  directive @oneOf on INPUT_OBJECT
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  extend type User @key(fields: "id")
  extend type Item @key(fields: "id")
`;

/** How other subgraphs name users and items. */
const references = z.array(z.object({ __typename: z.enum(['User', 'Item']), id: z.string() }));

/**
 * Looks references up through the request's loaders, in order, null where unknown or hidden. In place of the library's own, which
 * answers an internal error to a reference that is none.
 */
async function entities(_source: unknown, { representations }: { representations: unknown }, context: GraphQLContext) {
  identified(context);
  const parsed = references.safeParse(representations);
  if (!parsed.success) {
    const [at] = parsed.error.issues[0]?.path ?? [];
    throw badInput(`representations[${String(at)}]`, 'must have the __typename User or Item, and an id');
  }
  const { loaders } = context;
  return Promise.all(
    parsed.data.map(async ({ __typename, id: given }, at) => {
      const key = id(`representations[${at}].id`, given);
      if (__typename === 'User') {
        const user = await loaders.user.load(key);
        return user && { ...user, __typename };
      }
      const item = await loaders.item.load(key);
      return item?.hiddenAt === null ? { ...item, __typename } : null;
    }),
  );
}

/** The same contract as a subgraph of Federation 2: `_service` and `_entities` besides. */
export function buildSubgraph(typeDefs: string, resolvers: readonly Resolvers[]): GraphQLSchema {
  const schema = resolvers.reduce(
    (built, map) => addResolversToSchema({ schema: built, resolvers: map, updateResolversInPlace: true }),
    buildSubgraphSchema(parse(typeDefs + EXTENSION)),
  );
  const field = schema.getQueryType()?.getFields()._entities;
  if (field !== undefined) field.resolve = entities;
  return schema;
}
