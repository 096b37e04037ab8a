import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

export type InputGuard = (variables: Readonly<Record<string, unknown>>) => boolean;

type Holds = (value: unknown) => boolean;

/**
 * What the compiler's own reading of variables lets through: a list where an input object is due, and more or less than
 * one member of a `@oneOf` input. False means: let graphql-js read them, and say what is wrong.
 */
export function createInputGuard(schema: GraphQLSchema, operation: OperationDefinitionNode): InputGuard {
  const known = new Map<GraphQLInputObjectType, Holds>();
  const checks: (readonly [name: string, holds: Holds])[] = [];
  for (const { variable, type } of operation.variableDefinitions ?? []) {
    const given = typeFromAST(schema, type);
    const holds = isInputType(given) ? guardOf(given, known) : null;
    if (holds !== null) checks.push([variable.name.value, holds]);
  }
  return (variables) => checks.every(([name, holds]) => holds(variables[name]));
}

/** Null where there is nothing to look at. */
function guardOf(type: GraphQLInputType, known: Map<GraphQLInputObjectType, Holds>): Holds | null {
  if (isNonNullType(type)) return guardOf(type.ofType, known);
  if (isListType(type)) {
    const entry = guardOf(type.ofType, known);
    return entry === null ? null : (value) => (Array.isArray(value) ? value.every(entry) : entry(value));
  }
  return isInputObjectType(type) ? (known.get(type) ?? guardOfObject(type, known)) : null;
}

function guardOfObject(type: GraphQLInputObjectType, known: Map<GraphQLInputObjectType, Holds>): Holds {
  const members: (readonly [name: string, holds: Holds])[] = [];
  const holds: Holds = (value) => {
    if (value == null) return true;
    if (!isRecord(value)) return false;
    if (type.isOneOf) {
      const given = Object.values(value);
      if (given.length !== 1 || given[0] === null) return false;
    }
    for (const [name, member] of members) if (!member(value[name])) return false;
    return true;
  };
  // Known before its members are read, because an input may hold itself.
  known.set(type, holds);
  for (const field of Object.values(type.getFields())) {
    const member = guardOf(field.type, known);
    if (member !== null) members.push([field.name, member]);
  }
  return holds;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
