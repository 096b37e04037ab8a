import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Types whose fields answer the same to everyone of a tenant. */
const SAME_FOR_ALL: ReadonlySet<string> = new Set([
  'Subscription',
  'TrendingUpdate',
  'TrendingItem',
  'Item',
  'ItemStats',
  'ScoredItem',
]);

/** Which subscribers of an operation can be given the same answer to the same event. */
export interface Sharing {
  /** False where a field may depend on who asks. */
  readonly shared: boolean;
  /** Variables that shape the answer to an event; arguments of the subscription itself only choose events. */
  readonly variables: readonly string[];
}

export function sharingOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Sharing {
  const types = new TypeInfo(schema);
  let shared = operation.operation === 'subscription';
  visit(
    document,
    visitWithTypeInfo(types, {
      Field() {
        if (!SAME_FOR_ALL.has(types.getParentType()?.name ?? '')) shared = false;
      },
    }),
  );
  const variables = new Set<string>();
  const collect = {
    Variable: ({ name }: { readonly name: { readonly value: string } }) => void variables.add(name.value),
  };
  for (const selection of operation.selectionSet.selections) {
    if (selection.kind === Kind.FIELD && selection.selectionSet !== undefined) visit(selection.selectionSet, collect);
    else visit(selection, collect);
  }
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) visit(definition, collect);
  }
  return { shared, variables: [...variables].sort() };
}
