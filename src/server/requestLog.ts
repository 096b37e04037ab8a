import type { FastifyInstance } from 'fastify';
import type { Log } from '../domain/log.js';
import type { OperationSummary } from '../graphql/context.js';

declare module 'fastify' {
  interface FastifyRequest {
    summary: OperationSummary;
  }
  interface FastifyContextConfig {
    /** Logged only at level debug while it succeeds: pictures, files, health. */
    quiet?: boolean;
  }
}

/**
 * `X-Request-ID` and `X-Process-Time` (seconds) on every answer, and one line in the log. The line has the route, not the
 * address: addresses hold ids of people.
 */
export function requestLog(app: FastifyInstance, log: Log): void {
  app.decorateRequest('summary');
  app.addHook('onRequest', async (request, reply) => {
    request.summary = { operation: null, errorCodes: new Set() };
    reply.header('x-request-id', request.id);
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-process-time', (reply.elapsedTime / 1000).toFixed(6));
  });
  app.addHook('onResponse', async (request, reply) => {
    const { operation, errorCodes } = request.summary;
    const line = {
      requestId: request.id,
      ...(request.traceId !== null && { traceId: request.traceId }),
      method: request.method,
      route: request.routeOptions.url ?? null,
      ...(operation !== null && { operation }),
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
      ...(errorCodes.size > 0 && { errors: [...errorCodes] }),
    };
    const quiet = request.routeOptions.config.quiet === true && reply.statusCode < 400;
    log[quiet ? 'debug' : 'info'](line, 'request');
  });
}
