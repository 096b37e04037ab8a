import {
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';

/** Values of the variables that `@skip` and `@include` read. */
export type Conditions = ReadonlyMap<string, boolean>;

/** A variable read by `@skip` or `@include`; `fallback` is its default, undefined when it has none. */
export interface ConditionVariable {
  readonly name: string;
  readonly fallback: boolean | undefined;
}

/** The variables that decide which selections a document has. Null when it has no `@skip` or `@include` at all. */
export function conditionVariables(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly ConditionVariable[] | null {
  const names = new Set<string>();
  let found = false;
  visit(document, {
    Directive(node) {
      if (!isCondition(node)) return;
      found = true;
      const value = node.arguments?.[0]?.value;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  if (!found) return null;
  return [...names].map((name) => {
    const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    const fallback = definition?.defaultValue;
    return { name, fallback: fallback?.kind === Kind.BOOLEAN ? fallback.value : undefined };
  });
}

/** Null when a value is missing or not a boolean: graphql-js then says what is wrong. */
export function readConditions(
  needed: readonly ConditionVariable[],
  variables: Readonly<Record<string, unknown>>,
): Conditions | null {
  const conditions = new Map<string, boolean>();
  for (const { name, fallback } of needed) {
    const value = Object.hasOwn(variables, name) ? variables[name] : fallback;
    if (typeof value !== 'boolean') return null;
    conditions.set(name, value);
  }
  return conditions;
}

/**
 * The document without `@skip` and `@include`, and without what they leave out. The compiler joins the conditions of
 * selections that share a node or a response key, which is wrong; so it never sees any.
 */
export function applyConditions(document: DocumentNode, conditions: Conditions): DocumentNode {
  const enter = <T extends SelectionNode>(node: T) => {
    const directives = node.directives ?? [];
    if (!directives.some(isCondition)) return undefined;
    if (directives.some((directive) => leavesOut(directive, conditions))) return null;
    return { ...node, directives: directives.filter((directive) => !isCondition(directive)) };
  };
  return visit(document, { Field: enter, InlineFragment: enter, FragmentSpread: enter });
}

function leavesOut(directive: DirectiveNode, conditions: Conditions): boolean {
  if (!isCondition(directive)) return false;
  const value = directive.arguments?.[0]?.value;
  const given =
    value?.kind === Kind.VARIABLE
      ? conditions.get(value.name.value)
      : value?.kind === Kind.BOOLEAN
        ? value.value
        : undefined;
  return given === (directive.name.value === 'skip');
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}
