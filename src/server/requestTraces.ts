import type { FastifyInstance } from 'fastify';
import { type RequestSpan, type Tracing, traceIdOf } from '../telemetry/tracing.js';

declare module 'fastify' {
  interface FastifyRequest {
    span: RequestSpan | null;
    /** The trace this request belongs to: ours, or the one its caller named. */
    traceId: string | null;
  }
}

/** Takes up the trace a caller names, or begins one, and names it in the answer. Where nobody collects, the name is still logged. */
export function requestTraces(app: FastifyInstance, { requests }: Tracing): void {
  app.decorateRequest('span', null);
  app.decorateRequest('traceId', null);
  if (requests === null) {
    app.addHook('onRequest', (request, _reply, done) => {
      request.traceId = traceIdOf(request.headers);
      done();
    });
    return;
  }
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.quiet === true) return done();
    const span = requests.begin(request.method, request.headers);
    request.span = span;
    request.traceId = span.traceId;
    reply.header('traceparent', span.traceparent);
    done();
  });
  // Here, since reading the body leaves the context in which it began.
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.span === null) done();
    else request.span.run(done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    request.span?.end(request.routeOptions.url ?? 'none', reply.statusCode);
    done();
  });
}
