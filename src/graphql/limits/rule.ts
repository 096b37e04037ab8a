import { GraphQLError, type ValidationRule } from 'graphql';
import { type Weight, weigh } from './weigh.js';

/**
 * Parsing stops there. Some rules of GraphQL's validation take time in the square of it: 4,000 cost up to 0.3 s. Lists belong
 * into variables; a literal batch of 100 events still fits.
 */
export const MAX_TOKENS = 2_000;

interface Bound {
  readonly measure: keyof Weight;
  readonly max: number;
  readonly says: (got: string, max: string) => string;
}

const BOUNDS: readonly Bound[] = [
  { measure: 'depth', max: 12, says: (got, max) => `is ${got} levels deep; at most ${max} are allowed` },
  { measure: 'aliases', max: 100, says: (got, max) => `has ${got} aliases; at most ${max} are allowed` },
  { measure: 'directives', max: 100, says: (got, max) => `has ${got} directives; at most ${max} are allowed` },
  {
    measure: 'fields',
    max: 1_000,
    says: (got, max) => `has ${got} fields with fragments put in their place; at most ${max} are allowed`,
  },
  {
    measure: 'objects',
    max: 50_000,
    says: (got, max) =>
      `may answer ${got} objects (the product of first and ids along its paths); at most ${max} are allowed`,
  },
];

/** Refuses operations that could cost too much, before anything runs. */
export const limitsRule: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const weight = weigh(context.getSchema(), context.getDocument(), operation);
    for (const { measure, max, says } of BOUNDS) {
      if (weight[measure] <= max) continue;
      const text = says(number(weight[measure]), number(max));
      context.reportError(new GraphQLError(`The operation ${text}`, { nodes: operation }));
    }
    return false;
  },
});

const number = (value: number) => value.toLocaleString('en');
