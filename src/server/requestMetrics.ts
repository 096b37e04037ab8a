import type { FastifyInstance } from 'fastify';
import { DURATION_BUCKETS, type Meter } from '../domain/meter.js';

/** Rate, errors and duration of each route. By route, not address: addresses hold ids of people, and never end. */
export function requestMetrics(app: FastifyInstance, meter: Meter): void {
  const observe = meter.histogram(
    'curio_http_request_duration_seconds',
    'Time to answer an HTTP request',
    DURATION_BUCKETS,
    ['method', 'route', 'status'],
  );
  let inFlight = 0;
  meter.gauge('curio_http_requests_in_flight', 'Requests that are being answered', () => [[{}, inFlight]]);
  app.addHook('onRequest', (_request, reply, done) => {
    inFlight++;
    // Whatever becomes of the request: an answer, or a caller that went away.
    reply.raw.once('close', () => {
      inFlight--;
    });
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
}
