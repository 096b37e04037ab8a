import {
  BREAK,
  type DocumentNode,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isSpecifiedScalarType,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

const MARKER = '__MAGIC_';

/**
 * Whether the compiler may have this document. It writes literals into the source of a function and undoes markers of its
 * own (`__MAGIC_DATE__…`) by text replacement: a literal with such a marker would run as code. It also loses a response
 * key `__proto__`, variables inside a literal of a custom scalar, and defaults of variables whose type is not built in.
 * And it would never come to the end of a variable whose input type holds itself.
 */
export function isCompilable(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let fits = true;
  const refuse = () => {
    fits = false;
    return BREAK;
  };
  visit(
    document,
    visitWithTypeInfo(types, {
      Name: ({ value }) => (value === '__proto__' || value.includes(MARKER) ? refuse() : undefined),
      StringValue: ({ value }) => (value.includes(MARKER) ? refuse() : undefined),
      Variable: () => (types.getInputType() == null ? refuse() : undefined),
      VariableDefinition({ type, defaultValue }) {
        const given = typeFromAST(schema, type);
        const named = isInputType(given) ? getNamedType(given) : undefined;
        if (named === undefined || holdsItself(named)) return refuse();
        return defaultValue === undefined || isSpecifiedScalarType(named) || isEnumType(named) ? undefined : refuse();
      },
    }),
  );
  return fits;
}

function holdsItself(type: GraphQLNamedInputType, above: readonly GraphQLNamedInputType[] = []): boolean {
  if (!isInputObjectType(type)) return false;
  if (above.includes(type)) return true;
  return Object.values(type.getFields()).some((field) => holdsItself(getNamedType(field.type), [...above, type]));
}
