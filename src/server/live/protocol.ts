import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type ExecutionArgs, type ExecutionResult, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { type Context, makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { CurioError } from '../../domain/errors.js';
import type { GraphQLContext } from '../../graphql/context.js';
import type { Answer } from '../../graphql/live/answers.js';
import type { LiveRequest } from '../../graphql/live/live.js';
import { isRefused } from '../../graphql/live/prepare.js';
import { requestIdOf } from '../requestId.js';
import { Closing, closeSocket } from './closing.js';
import { contexts, type LiveDeps, type Visit, watch } from './connection.js';

/** What is kept of a socket. */
export interface Extra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly address: string;
  /** Null until it has said who it is. */
  visit: Visit | null;
  stopWatching: () => void;
}

type Params = Record<string, unknown>;

interface Run {
  readonly request: LiveRequest;
  readonly newContext: () => GraphQLContext;
}

const INIT_WAIT_MS = 10_000;
const MAX_SUBSCRIPTIONS = 100;

/** graphql-ws over `live`. Credentials come as headers, or in `connectionParams` under the names of the headers. */
export function createProtocol(deps: LiveDeps) {
  const { live, authenticate, log, onDropped } = deps;
  const runs = new WeakMap<object, Run>();
  /** Answers are formatted before graphql-ws sees them; it is handed something that stands for them. */
  const carried = new WeakMap<object, FormattedExecutionResult>();
  const carry = (result: FormattedExecutionResult): ExecutionResult => {
    const carrier: ExecutionResult = {};
    carried.set(carrier, result);
    return carrier;
  };

  const begin = async ({ extra, connectionParams }: Context<Params, Extra>): Promise<boolean> => {
    const { socket, request, address } = extra;
    const headers = { ...request.headers, ...credentialsOf(connectionParams) };
    try {
      const caller = await authenticate(headers);
      if (caller === null) {
        closeSocket(socket, Closing.UNAUTHORIZED, 'Send authorization or x-api-key in connectionParams');
        return false;
      }
      if (socket.readyState !== socket.OPEN) return false;
      extra.visit = { caller, requestId: requestIdOf(request), address, resumeAfter: null };
      extra.stopWatching = watch(deps, caller, headers, (reason) => {
        onDropped('credentials');
        closeSocket(socket, Closing.FORBIDDEN, reason.message);
      });
      return true;
    } catch (error) {
      if (!(error instanceof CurioError)) log.error({ err: error }, 'a socket could not be authenticated');
      closeSocket(socket, Closing.FORBIDDEN, error instanceof CurioError ? error.message : 'Internal server error');
      return false;
    }
  };

  const check = ({ extra, subscriptions }: Context<Params, Extra>, request: LiveRequest) => {
    if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS) {
      return [refused(`A socket may have ${MAX_SUBSCRIPTIONS} operations at once`)];
    }
    if (extra.visit === null) return [refused('The connection has not begun')];
    const prepared = live.prepare(request.query, request.operationName);
    if (isRefused(prepared)) return prepared;
    const newContext = contexts(deps, extra.visit);
    const args = { schema: live.schema, document: prepared.document, contextValue: {} };
    runs.set(args.contextValue, { request, newContext });
    return { ...args, operationName: request.operationName, variableValues: request.variables };
  };

  const run = async ({ contextValue }: ExecutionArgs) => {
    const found = typeof contextValue === 'object' && contextValue !== null ? runs.get(contextValue) : undefined;
    if (found === undefined) throw new Error('an operation was run that had not been checked');
    const started = await live.start(found.request, found.newContext);
    return started.kind === 'single' ? carry(started.result) : results(started.answers, carry);
  };

  return makeServer<Params, Extra>({
    connectionInitWaitTimeout: INIT_WAIT_MS,
    onConnect: begin,
    onSubscribe: (context, _id, { query, operationName, variables }) =>
      check(context, { query, operationName: operationName ?? null, variables: variables ?? {} }),
    subscribe: run,
    execute: run,
    onNext: (_context, _id, _payload, _args, result) => carried.get(result),
    onError: ({ extra }, _id, _payload, errors) =>
      extra.visit === null ? undefined : live.present(errors, contexts(deps, extra.visit)()).errors,
    onClose({ extra }) {
      extra.stopWatching();
    },
  });
}

/** Not a generator function: its `return` would wait for the next answer. */
function results(
  answers: AsyncGenerator<Answer, void, void>,
  carry: (result: FormattedExecutionResult) => ExecutionResult,
): AsyncGenerator<ExecutionResult, void, void> {
  const iterator: AsyncGenerator<ExecutionResult, void, void> = {
    async next() {
      const { done, value } = await answers.next();
      return done === true ? { done, value: undefined } : { done: false, value: carry(value.result) };
    },
    async return() {
      await answers.return();
      return { done: true, value: undefined };
    },
    async throw(error) {
      await answers.return();
      throw error;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

function refused(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** Credentials that a page can only send in its first message, under the names of the headers. */
function credentialsOf(params: Readonly<Record<string, unknown>> | undefined): IncomingHttpHeaders {
  const found: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(params ?? {})) {
    const header = name.toLowerCase();
    if (typeof value === 'string' && (header === 'authorization' || header === 'x-api-key')) found[header] = value;
  }
  return found;
}
