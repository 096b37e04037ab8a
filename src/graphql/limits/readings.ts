import { type FieldNode, type GraphQLField, Kind, type SelectionNode, type ValueNode } from 'graphql';
import { MAX_BATCH, MAX_FIRST, MAX_IDS } from '../bounds.js';
import { LARGEST_FIRST, LISTS } from './weights.js';

export type Variables = Readonly<Record<string, unknown>>;

/** A reading that waits for the variables of a request. */
export type Of<T> = (variables: Variables) => T;

/** Of lists whose length no resolver bounds, what they cost is the bound. */
const LONGEST: Readonly<Record<string, number>> = { ids: MAX_IDS, representations: Number.POSITIVE_INFINITY };

/** Whether `@skip` and `@include` let a selection in; null where there is neither. */
export function conditionOf({ directives = [] }: SelectionNode): Of<boolean> | null {
  const conditions = directives.flatMap(({ name, arguments: given }) => {
    const value = given?.[0]?.value;
    if (value === undefined || (name.value !== 'skip' && name.value !== 'include')) return [];
    const wanted = name.value === 'include';
    return [(variables: Variables) => truth(value, variables, wanted) === wanted];
  });
  return conditions.length === 0 ? null : (variables) => conditions.every((holds) => holds(variables));
}

/** What cannot be read counts as what lets the selection in: the default of a variable, for one. */
function truth(value: ValueNode, variables: Variables, fallback: boolean): boolean {
  if (value.kind === Kind.BOOLEAN) return value.value;
  const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof given === 'boolean' ? given : fallback;
}

/** How many objects one field may stand for: its `first`, or the length of a list it is given; else 1. */
export function sizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>, coordinate: string): Of<number> {
  for (const { name, defaultValue } of field.args) {
    const isList = LISTS.has(name);
    if (name !== 'first' && !isList) continue;
    const largest = isList ? (LONGEST[name] ?? MAX_BATCH) : (LARGEST_FIRST[coordinate] ?? MAX_FIRST);
    const fallback = typeof defaultValue === 'number' ? defaultValue : 1;
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (given?.kind === Kind.VARIABLE) {
      const variable = given.name.value;
      return (variables) => within(measure(variables[variable]) ?? fallback, largest);
    }
    const size =
      given?.kind === Kind.LIST ? given.values.length : given?.kind === Kind.INT ? Number(given.value) : null;
    return () => within(size ?? fallback, largest);
  }
  return () => 1;
}

function measure(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' && Number.isFinite(value) ? Math.floor(value) : null;
}

/** What lies outside of its bounds is refused by the resolver. */
function within(size: number, largest: number): number {
  return Math.min(Math.max(size, 1), largest);
}
