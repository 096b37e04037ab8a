import {
  createSourceEventStream,
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Log } from '../../domain/log.js';
import type { GraphQLContext } from '../context.js';
import { createMask } from '../mask.js';
import { tooCostly } from '../plugins/admission.js';
import { buildSchema } from '../schema.js';
import { type Answer, createAnswers } from './answers.js';
import { createPrepare, isRefused, type Prepare, type Prepared } from './prepare.js';

export interface LiveRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A stream of answers, or the one answer of an operation that ends at once. */
export type Started =
  | { readonly kind: 'stream'; readonly answers: AsyncGenerator<Answer, void, void> }
  | { readonly kind: 'single'; readonly result: FormattedExecutionResult };

/** Operations over connections that stay open: the same rules, limits and masks as over HTTP. */
export interface Live {
  readonly schema: GraphQLSchema;
  /** The operation, or what is wrong with it. */
  prepare: Prepare;
  /** `newContext` makes the context of each execution. Does not throw: what is refused is a single answer. */
  start(request: LiveRequest, newContext: () => GraphQLContext): Promise<Started>;
  /** Errors as a caller may see them. */
  present(errors: readonly unknown[], context: GraphQLContext): { readonly errors: readonly GraphQLFormattedError[] };
}

export interface LiveDeps {
  readonly introspection: boolean;
  readonly maxCost: number;
  /** Whether this text may be executed. */
  readonly serves: (text: string) => boolean;
  readonly log: Log;
}

const PREPARED_OPERATIONS = 500;

export function createLive({ introspection, maxCost, serves, log }: LiveDeps): Live {
  const schema = buildSchema();
  const mask = createMask({ log, hideSchema: !introspection });
  const prepare = createPrepare({ schema, introspection, serves, cacheSize: PREPARED_OPERATIONS });
  const answers = createAnswers();
  let keys = 0;
  const keyOf = new WeakMap<Prepared, number>();

  const present = (errors: readonly unknown[], context: GraphQLContext, prepared?: Prepared) => ({
    errors: mask(errors, context, prepared?.document),
  });
  const format = ({ data, errors }: ExecutionResult, context: GraphQLContext, { document }: Prepared) => ({
    ...(data !== undefined && { data }),
    ...(errors !== undefined && { errors: mask(errors, context, document) }),
  });
  const admit = async ({ cost }: Prepared, variables: LiveRequest['variables'], context: GraphQLContext) => {
    const total = cost.cost(variables);
    if (total > maxCost) throw tooCostly(total, maxCost);
    const charges = cost.charges(variables);
    if (total > 0) charges.set('cost', total);
    const { refusal } = await context.admit(charges);
    if (refusal !== null) throw refusal;
  };

  /** Subscribers whose answers are the same have the same key. */
  const sharedKey = (prepared: Prepared, variables: LiveRequest['variables']): string | null => {
    if (!prepared.sharing.shared) return null;
    const known = keyOf.get(prepared) ?? ++keys;
    keyOf.set(prepared, known);
    return JSON.stringify([known, prepared.sharing.variables.map((name) => variables[name])]);
  };

  const stream = (
    prepared: Prepared,
    { variables, operationName }: LiveRequest,
    events: AsyncIterator<unknown>,
    newContext: () => GraphQLContext,
  ): AsyncGenerator<Answer, void, void> => {
    const key = sharedKey(prepared, variables);
    const answer = (event: unknown): Promise<Answer> => {
      if (typeof event !== 'object' || event === null) throw new TypeError('an event of a subscription is no object');
      return answers(event, key, async () => {
        const context = newContext();
        const { document } = prepared;
        const args = { schema, document, rootValue: event, contextValue: context, variableValues: variables };
        return format(await execute({ ...args, operationName }), context, prepared);
      });
    };
    // Not a generator function: its `return` would wait for the next event.
    const iterator: AsyncGenerator<Answer, void, void> = {
      async next() {
        const { done, value } = await events.next();
        return done === true ? { done, value: undefined } : { done: false, value: await answer(value) };
      },
      async return() {
        await events.return?.();
        return { done: true, value: undefined };
      },
      async throw(error) {
        await events.return?.();
        throw error;
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  };

  return {
    schema,
    prepare,
    async start(request, newContext) {
      const { query, operationName, variables } = request;
      const context = newContext();
      const single = (result: FormattedExecutionResult): Started => ({ kind: 'single', result });
      const prepared = prepare(query, operationName);
      if (isRefused(prepared)) return single(present(prepared, context));
      const { document, operation } = prepared;
      context.summary.operation = `${operation.operation} ${operation.name?.value ?? ''}`.trim();
      try {
        await admit(prepared, variables, context);
        const args = { schema, document, contextValue: context, variableValues: variables, operationName };
        if (operation.operation !== 'subscription') return single(format(await execute(args), context, prepared));
        const source = await createSourceEventStream(args);
        if (!(Symbol.asyncIterator in source)) return single(format(source, context, prepared));
        const events = source[Symbol.asyncIterator]();
        return { kind: 'stream', answers: stream(prepared, request, events, newContext) };
      } catch (error) {
        return single(present([error], context, prepared));
      }
    },
    present,
  };
}
