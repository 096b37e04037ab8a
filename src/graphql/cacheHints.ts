import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * For how many seconds an answer may be kept, by the `@cacheControl` of what it asks for: the shortest of all; 0 for never. As in
 * Apollo Server, a field without a hint takes that of its type; root fields and objects that have none may not be kept. Worked out from the
 * document, because compiled operations have no hook at each field. Fields that a condition leaves out count too.
 */
export function maxAgeOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): number {
  if (operation.operation !== OperationTypeNode.QUERY) return 0;
  const types = new TypeInfo(schema);
  const root = schema.getQueryType();
  let shortest = Number.POSITIVE_INFINITY;
  visit(
    document,
    visitWithTypeInfo(types, {
      OperationDefinition: (node) => (node === operation ? undefined : false),
      Field(node) {
        const field = types.getFieldDef();
        if (field == null || node.name.value.startsWith('__')) {
          // `__schema` and `__type` change with a deployment.
          if (types.getParentType() === root && node.name.value !== '__typename') shortest = 0;
          return;
        }
        const type = getNamedType(field.type);
        const hint = hintOf(field.astNode?.directives) ?? hintOf(type.astNode?.directives);
        if (hint !== null) shortest = Math.min(shortest, hint);
        else if (!isLeafType(type) || types.getParentType() === root) shortest = 0;
      },
    }),
  );
  return Number.isFinite(shortest) ? shortest : 0;
}

function hintOf(directives: readonly ConstDirectiveNode[] = []): number | null {
  const directive = directives.find(({ name }) => name.value === 'cacheControl');
  const value = directive?.arguments?.find(({ name }) => name.value === 'maxAge')?.value;
  return value?.kind === Kind.INT ? Number(value.value) : null;
}
