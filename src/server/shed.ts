import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CurioError } from '../domain/errors.js';
import type { Meter } from '../domain/meter.js';
import type { Level, Load } from '../resilience/load.js';

/** Who is refused tries again after this, and a little later each, so that they do not come back together. */
const RETRY_MS = 1_000;
const SPREAD_MS = 1_000;

const NUMBERS: Readonly<Record<Level, number>> = { calm: 0, busy: 1, full: 2, flooded: 3 };

/**
 * Refuses requests while the process has more of them than it can answer in time, before their bodies are read: a quick refusal
 * costs a tenth of an answer. Admins are refused last; health, metrics and files never.
 */
export function shedLoad(app: FastifyInstance, { load, meter }: { readonly load: Load; readonly meter: Meter }): void {
  const refused = meter.counter('curio_shed_total', 'Requests refused because there were too many', ['level']);
  meter.gauge('curio_load_level', '0 calm, 1 busy: poorer answers, 2 full: refusals, 3 flooded: admins too', () => [
    [{}, NUMBERS[load.level]],
  ]);
  meter.gauge('curio_event_loop_delay_seconds', 'By how much the event loop was late lately', () => [
    [{}, load.delayMs / 1000],
  ]);
  meter.gauge('curio_load_work_seconds', 'For how long what is under way will hold the event loop', () => [
    [{}, load.workMs / 1000],
  ]);
  let turn = 0;
  const refuse = (request: FastifyRequest, level: Level) => {
    refused({ level });
    request.counted = true;
    turn = (turn + 137) % SPREAD_MS;
    return tooMany(RETRY_MS + turn);
  };
  const isQuiet = ({ routeOptions }: FastifyRequest) => routeOptions.config.quiet === true;
  // Whoever it is: before a token is looked at.
  app.addHook('onRequest', (request, _reply, done) => {
    const { level } = load;
    if (level === 'flooded' && !isQuiet(request)) return done(refuse(request, level));
    done();
  });
  // After the caller is known, and before the body is.
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (isQuiet(request)) return done(null, payload);
    const { level } = load;
    const isAdmin = request.caller?.identity.role === 'admin';
    if (level === 'flooded' || (level === 'full' && !isAdmin)) return done(refuse(request, level));
    // Streams stay open: they are not work under way.
    if (request.headers.accept?.includes('text/event-stream') !== true) reply.raw.once('close', load.begin());
    done(null, payload);
  });
}

function tooMany(retryAfterMs: number): CurioError {
  return new CurioError('RATE_LIMITED', 'Too many requests for this server, try again in a moment', { retryAfterMs });
}
