import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { badInput, CurioError } from '../../domain/errors.js';
import type { Answer } from '../../graphql/live/answers.js';
import type { LiveRequest, Started } from '../../graphql/live/live.js';
import { isRefused } from '../../graphql/live/prepare.js';
import { networkOf } from '../../limits/address.js';
import { contexts, type LiveDeps, MOST_BUFFERED, watch } from './connection.js';

/** Server-sent events on the route of GraphQL (the distinct connections mode of GraphQL over SSE). */
export interface EventStreams {
  /** What the request asks for, when it is an event stream that it wants; else null. @throws CurioError */
  wanted(request: FastifyRequest): LiveRequest | null;
  serve(request: FastifyRequest, reply: FastifyReply, wanted: LiveRequest): Promise<void>;
  count(): number;
}

const KEEP_ALIVE_MS = 15_000;
/** How long a connection that is ended may take to read the rest. */
const PATIENCE_MS = 10_000;
const MAX_CURSOR = 256;

const variables = z.record(z.string(), z.unknown()).nullish();
const body = z.object({ query: z.string(), operationName: z.string().nullish(), variables });
const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});
const query = z.object({
  query: z.string(),
  operationName: z.string().optional(),
  variables: json.pipe(variables).optional(),
});

export function createEventStreams(app: FastifyInstance, deps: LiveDeps): EventStreams {
  const { live, log, onDropped } = deps;
  /** Answers as events, encoded once for all who share them. */
  const blocks = new WeakMap<Answer, Buffer>();
  const blockOf = (answer: Answer): Buffer => {
    const block = blocks.get(answer) ?? Buffer.from(next(answer.text, answer.cursor));
    blocks.set(answer, block);
    return block;
  };
  /** Ends each open stream. */
  const open = new Set<() => void>();

  const stream = (request: FastifyRequest, reply: FastifyReply, answers: AsyncGenerator<Answer, void, void>) => {
    const { raw } = reply;
    const context = contexts(deps, visitOf(request))();
    const end = (reason: CurioError | null) => {
      if (!open.delete(stop)) return;
      clearInterval(keepingAlive);
      stopWatching();
      void answers.return();
      if (reason !== null) raw.write(next(JSON.stringify(live.present([reason], context)), null) + COMPLETE);
      raw.end();
      setTimeout(() => raw.destroy(), PATIENCE_MS).unref();
    };
    // Without `complete`: whoever read it comes back.
    const stop = () => end(null);
    open.add(stop);
    const keepingAlive = setInterval(() => raw.write(':\n\n'), KEEP_ALIVE_MS);
    const stopWatching = watch(deps, request.caller, request.headers, (reason) => {
      onDropped('credentials');
      end(reason);
    });
    raw.once('close', stop);
    return {
      end,
      isOpen: () => open.has(stop),
      write(block: Buffer) {
        if (raw.writableLength <= MOST_BUFFERED) return void raw.write(block);
        onDropped('slow');
        end(new CurioError('TIMEOUT', `Too slow: ${raw.writableLength} bytes were waiting to be read`));
      },
    };
  };

  const send = async (request: FastifyRequest, reply: FastifyReply, started: Started) => {
    const { raw } = reply;
    raw.writeHead(200, headersOf(reply));
    if (started.kind === 'single') {
      raw.end(next(JSON.stringify(started.result), null) + COMPLETE);
      return;
    }
    raw.flushHeaders();
    const out = stream(request, reply, started.answers);
    try {
      for await (const answer of started.answers) {
        if (!out.isOpen()) return;
        out.write(blockOf(answer));
      }
      if (out.isOpen()) raw.write(COMPLETE);
      out.end(null);
    } catch (error) {
      if (!(error instanceof CurioError)) log.error({ err: error, requestId: request.id }, 'a subscription failed');
      out.end(error instanceof CurioError ? error : new CurioError('TIMEOUT', 'The subscription ended: come back'));
    }
  };

  app.addHook('preClose', async () => {
    for (const stop of [...open]) stop();
  });

  return {
    count: () => open.size,
    wanted(request) {
      const { accept = '' } = request.headers;
      if (!/\btext\/event-stream\b/i.test(accept)) return null;
      const parsed = request.method === 'GET' ? query.safeParse(request.query) : body.safeParse(request.body);
      if (!parsed.success) {
        // Clients that take either way are told by Apollo what is wrong.
        if (/json/i.test(accept)) return null;
        throw badInput(parsed.error.issues[0]?.path.join('.') ?? 'query', 'must be part of a GraphQL request');
      }
      const { operationName = null, variables = null } = parsed.data;
      const wanted = { query: parsed.data.query, operationName, variables: variables ?? {} };
      const prepared = live.prepare(wanted.query, operationName);
      const kind = isRefused(prepared) ? null : prepared.operation.operation;
      if (kind !== 'subscription' && /json/i.test(accept)) return null;
      if (kind === 'mutation' && request.method === 'GET') throw badInput('query', 'must not be a mutation in a GET');
      return wanted;
    },
    async serve(request, reply, wanted) {
      const started = await live.start(wanted, contexts(deps, visitOf(request)));
      reply.hijack();
      await send(request, reply, started);
    },
  };
}

const COMPLETE = 'event: complete\ndata:\n\n';

function next(text: string, cursor: string | null): string {
  return `event: next\n${cursor === null ? '' : `id: ${cursor}\n`}data: ${text}\n\n`;
}

function visitOf(request: FastifyRequest) {
  const last = request.headers['last-event-id'];
  const resumeAfter = typeof last === 'string' && last !== '' && last.length <= MAX_CURSOR ? last : null;
  return { caller: request.caller, requestId: request.id, address: networkOf(request.ip), resumeAfter };
}

function headersOf(reply: FastifyReply): Record<string, number | string | string[]> {
  const headers: Record<string, number | string | string[]> = {};
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) headers[name] = value;
  return {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    // Proxies of the nginx kind would keep what they get until there is more of it.
    'x-accel-buffering': 'no',
  };
}
