import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type CostPlan, planCost } from '../limits/plan.js';
import { limitsRule, MAX_TOKENS } from '../limits/rule.js';
import { type Sharing, sharingOf } from './sharing.js';

/** An operation that may run, and what is known of it before its variables are. */
export interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly cost: CostPlan;
  readonly sharing: Sharing;
}

/** Errors are the caller's, as graphql-js says them. */
export type Prepare = (query: string, operationName: string | null) => Prepared | readonly GraphQLError[];

export interface PrepareDeps {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  /** Whether this text may be executed. */
  readonly serves: (text: string) => boolean;
  readonly cacheSize: number;
}

/** The rules that Apollo Server applies to the same schema. Operations are kept by last use. */
export function createPrepare({ schema, introspection, serves, cacheSize }: PrepareDeps): Prepare {
  const rules = [...specifiedRules, limitsRule, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  const known = new LRUCache<string, Prepared>({ max: cacheSize });

  const read = (query: string, operationName: string | null): Prepared | readonly GraphQLError[] => {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: MAX_TOKENS });
    } catch (error) {
      return [refused(error instanceof GraphQLError ? error.message : 'The query cannot be read')];
    }
    const errors = validate(schema, document, rules, { maxErrors: 20 });
    if (errors.length > 0) return errors.map(({ message, nodes }) => refused(message, nodes));
    const operation = getOperationAST(document, operationName);
    if (operation == null) return [refused('operationName must name one of the operations')];
    return {
      document,
      operation,
      cost: planCost(schema, document, operation),
      sharing: sharingOf(schema, document, operation),
    };
  };

  return (query, operationName) => {
    if (!serves(query)) return [refused('query must be a registered operation: nothing else is served here')];
    const key = `${operationName ?? ''}\n${query}`;
    const found = known.get(key) ?? read(query, operationName);
    if (!isRefused(found)) known.set(key, found);
    return found;
  };
}

export function isRefused(prepared: Prepared | readonly GraphQLError[]): prepared is readonly GraphQLError[] {
  return Array.isArray(prepared);
}

function refused(message: string, nodes?: GraphQLError['nodes']): GraphQLError {
  return new GraphQLError(message, { nodes: nodes ?? null, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}
