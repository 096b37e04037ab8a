import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { MAX_FIRST, MAX_IDS } from '../bounds.js';
import { LARGEST_FIRST } from './weights.js';

/** What an operation can cost, read off the document alone. */
export interface Weight {
  /** Fields on the longest path. */
  readonly depth: number;
  /** Fields after every fragment is put in its place. */
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Objects that may be answered: over all fields with selections, the product of list sizes on the way to it. */
  readonly objects: number;
}

const NOTHING: Weight = { depth: 0, fields: 0, aliases: 0, directives: 0, objects: 0 };

/** Weighs an operation in one walk; each fragment is weighed once. Introspection is not counted, graphql-js bounds it. */
export function weigh(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Weight {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const weighed = new Map<string, Weight>();

  const ofSelections = ({ selections }: SelectionSetNode, type: GraphQLNamedType | null | undefined): Weight => {
    let sum = NOTHING;
    for (const selection of selections) {
      const directives = selection.directives?.length ?? 0;
      if (directives > 0) sum = { ...sum, directives: sum.directives + directives };
      if (selection.kind === Kind.FIELD) {
        sum = plus(sum, ofField(selection, type));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition;
        sum = plus(sum, ofSelections(selection.selectionSet, condition ? schema.getType(condition.name.value) : type));
      } else {
        sum = plus(sum, ofFragment(selection.name.value));
      }
    }
    return sum;
  };

  const ofFragment = (name: string): Weight => {
    const known = weighed.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    // Stands while the fragment is being weighed, so that a circle ends; validation refuses circles.
    weighed.set(name, NOTHING);
    if (fragment === undefined) return NOTHING;
    const weight = ofSelections(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    weighed.set(name, weight);
    return weight;
  };

  const ofField = (node: FieldNode, type: GraphQLNamedType | null | undefined): Weight => {
    const name = node.name.value;
    if (name.startsWith('__')) return NOTHING;
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    const within =
      node.selectionSet === undefined
        ? NOTHING
        : ofSelections(node.selectionSet, field === undefined ? null : getNamedType(field.type));
    const times = field === undefined || !type ? 1 : listSize(node, field, `${type.name}.${name}`);
    return {
      depth: within.depth + 1,
      fields: within.fields + 1,
      aliases: within.aliases + (node.alias === undefined ? 0 : 1),
      directives: within.directives,
      objects: node.selectionSet === undefined ? 0 : times * (1 + within.objects),
    };
  };

  return ofSelections(operation.selectionSet, schema.getRootType(operation.operation));
}

function plus(a: Weight, b: Weight): Weight {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: a.fields + b.fields,
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
    objects: a.objects + b.objects,
  };
}

/** How many objects one field may stand for: its `first`, or the length of its `ids`; else 1. A variable counts as the largest. */
function listSize(node: FieldNode, field: GraphQLField<unknown, unknown>, coordinate: string): number {
  for (const { name, defaultValue } of field.args) {
    if (name !== 'first' && name !== 'ids') continue;
    const largest = name === 'ids' ? MAX_IDS : (LARGEST_FIRST[coordinate] ?? MAX_FIRST);
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (given === undefined || given.kind === Kind.NULL) return typeof defaultValue === 'number' ? defaultValue : 1;
    // Beyond the bound the resolver refuses; below 1 too.
    if (given.kind === Kind.INT) return Math.min(Math.max(Number(given.value), 1), largest);
    if (given.kind === Kind.LIST) return Math.min(given.values.length, largest);
    return largest;
  }
  return 1;
}
