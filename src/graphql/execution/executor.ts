import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { isCompilable } from './compilable.js';
import { applyConditions, type ConditionVariable, conditionVariables, readConditions } from './conditions.js';
import { createInputGuard, type InputGuard } from './inputGuard.js';

export interface Execution {
  /** Names the document, for example its hash. */
  readonly key: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As the caller gave it. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: unknown;
}

/** Null where graphql-js must execute: what the compiler refuses, or reads otherwise than graphql-js. */
export type Executor = (execution: Execution) => Promise<ExecutionResult> | ExecutionResult | null;

export interface ExecutorDeps {
  readonly schema: GraphQLSchema;
  /** Compiled operations kept, by last use. */
  readonly cacheSize: number;
}

/** What is known about one operation of one document before its variables are. */
interface Plan {
  readonly guard: InputGuard;
  readonly conditions: readonly ConditionVariable[] | null;
}

type Compiled = Pick<CompiledQuery, 'query'>;

/** Compiles operations to functions (graphql-jit) on first use and keeps them. */
export function createExecutor({ schema, cacheSize }: ExecutorDeps): Executor {
  const plans = new LRUCache<string, Plan | 'impossible'>({ max: cacheSize });
  const compiled = new LRUCache<string, Compiled | 'impossible'>({ max: cacheSize });

  const planOf = (key: string, { document, operation }: Execution): Plan | 'impossible' => {
    const known = plans.get(key);
    if (known !== undefined) return known;
    const plan = isCompilable(schema, document)
      ? { guard: createInputGuard(schema, operation), conditions: conditionVariables(document, operation) }
      : 'impossible';
    plans.set(key, plan);
    return plan;
  };

  const compiledOf = (key: string, document: () => DocumentNode, operation: string | undefined) => {
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const made = compile(schema, document(), operation);
    compiled.set(key, made);
    return made;
  };

  return (execution) => {
    const { document, operation, variables, context } = execution;
    const name = operation.name?.value;
    const key = `${execution.key}\n${name ?? ''}`;
    const plan = planOf(key, execution);
    if (plan === 'impossible' || !plan.guard(variables)) return null;
    let found: Compiled | 'impossible';
    if (plan.conditions === null) {
      found = compiledOf(key, () => document, name);
    } else {
      const conditions = readConditions(plan.conditions, variables);
      if (conditions === null) return null;
      const variant = [...conditions.values()].map(Number).join('');
      found = compiledOf(`${key}\n${variant}`, () => applyConditions(document, conditions), name);
    }
    return found === 'impossible' ? null : run(found, context, variables);
  };
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: string | undefined,
): Compiled | 'impossible' {
  const result = compileQuery(schema, document, operation, { disablingCapturingStackErrors: true });
  return isCompiledQuery(result) ? result : 'impossible';
}

/** The compiler answers refused variables at once and without `data`, before any resolver has run. */
function run({ query }: Compiled, context: unknown, variables: Readonly<Record<string, unknown>>) {
  const result = query(undefined, context, variables);
  return result instanceof Promise || 'data' in result ? result : null;
}
