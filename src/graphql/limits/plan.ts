import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Limited } from '../../limits/limits.js';
import { conditionOf, type Of, sizeOf, type Variables } from './readings.js';
import { CHARGED, WEIGHTS } from './weights.js';

/** What an operation will be charged, once its variables are known. */
export interface CostPlan {
  /**
   * Over all fields, the product of list sizes on the way to it times its weight, and 1 for each object that may be answered.
   * A field that is asked for twice counts twice.
   */
  readonly cost: Of<number>;
  /** Tokens by the limit that root fields count towards. */
  readonly charges: Of<Map<Limited, number>>;
}

interface RootCharge {
  readonly key: string;
  readonly limit: Limited;
  readonly applies: Of<boolean>;
  readonly tokens: Of<number>;
}

/** Reads an operation once; what depends on variables is left to be worked out for each request. */
export function planCost(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): CostPlan {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const planned = new Map<string, Of<number>>();
  const roots: RootCharge[] = [];
  const root = schema.getRootType(operation.operation);

  const ofSelections = ({ selections }: SelectionSetNode, type: GraphQLNamedType | null | undefined): Of<number> => {
    const parts = selections.map((selection) => when(selection, ofSelection(selection, type)));
    return (variables) => parts.reduce((sum, part) => sum + part(variables), 0);
  };

  const ofSelection = (selection: SelectionNode, type: GraphQLNamedType | null | undefined): Of<number> => {
    if (selection.kind === Kind.FIELD) return ofField(selection, type);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    const condition = selection.typeCondition;
    return ofSelections(selection.selectionSet, condition ? schema.getType(condition.name.value) : type);
  };

  const ofFragment = (name: string): Of<number> => {
    const known = planned.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    planned.set(name, NOTHING);
    if (fragment === undefined) return NOTHING;
    const cost = ofSelections(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    planned.set(name, cost);
    return cost;
  };

  const ofField = (node: FieldNode, type: GraphQLNamedType | null | undefined): Of<number> => {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    if (field === undefined || !type) return NOTHING;
    const coordinate = `${type.name}.${node.name.value}`;
    const weight = WEIGHTS[coordinate] ?? 0;
    const of = getNamedType(field.type);
    const size = sizeOf(node, field, coordinate);
    if (isLeafType(of)) return () => weight;
    const within = node.selectionSet === undefined ? NOTHING : ofSelections(node.selectionSet, of);
    return (variables) => weight + size(variables) * (1 + within(variables));
  };

  /** Root fields one by one, wherever they are written. Validation refuses fragments that go in circles. */
  const collect = ({ selections }: SelectionSetNode, applies: Of<boolean>, depth: number) => {
    for (const selection of selections) {
      const here = both(applies, conditionOf(selection));
      if (selection.kind !== Kind.FIELD) {
        const set = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (set !== undefined && depth < MAX_NESTING) collect(set.selectionSet, here, depth + 1);
        continue;
      }
      const name = selection.name.value;
      const coordinate = `${root?.name}.${name}`;
      const charged = CHARGED[coordinate];
      const field = root?.getFields()[name];
      if (charged === undefined || field === undefined) continue;
      const tokens = charged.list === undefined ? ONE : sizeOf(selection, field, coordinate);
      roots.push({ key: selection.alias?.value ?? name, limit: charged.limit, applies: here, tokens });
    }
  };
  collect(operation.selectionSet, ALWAYS, 0);

  return {
    cost: ofSelections(operation.selectionSet, root),
    charges(variables) {
      const charges = new Map<Limited, number>();
      const met = new Set<string>();
      for (const { key, limit, applies, tokens } of roots) {
        // Fields with one response key are one field.
        if (!applies(variables) || met.has(key)) continue;
        met.add(key);
        charges.set(limit, (charges.get(limit) ?? 0) + tokens(variables));
      }
      return charges;
    },
  };
}

const MAX_NESTING = 50;
const NOTHING: Of<number> = () => 0;
const ONE: Of<number> = () => 1;
const ALWAYS: Of<boolean> = () => true;

function when(selection: SelectionNode, cost: Of<number>): Of<number> {
  const applies = conditionOf(selection);
  return applies === null ? cost : (variables) => (applies(variables) ? cost(variables) : 0);
}

function both(outer: Of<boolean>, inner: Of<boolean> | null): Of<boolean> {
  return inner === null ? outer : (variables: Variables) => outer(variables) && inner(variables);
}
