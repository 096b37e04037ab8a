import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../domain/log.js';
import { networkOf } from '../limits/address.js';
import type { Admission, Charges, Gate } from '../limits/gate.js';
import type { Caller } from './auth/caller.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null without credentials. */
    caller: Caller | null;
    /** Whether this request was counted. */
    counted: boolean;
  }
}

export interface AdmitDeps {
  readonly gate: Gate;
  readonly log: Log;
}

/** Counts what a request asks for and says so in the headers of its answer. */
export type AdmitRequest = (request: FastifyRequest, reply: FastifyReply, charges: Charges) => Promise<Admission>;

/**
 * An address that has used up its tokens is refused before anything is read. Whatever ends before it is counted (a bad token, a
 * body that is none) is counted afterwards, so that it costs a stranger as much as it costs a user. Files, pictures and health
 * are not counted.
 */
export function countRequests(app: FastifyInstance, { gate, log }: AdmitDeps): AdmitRequest {
  app.decorateRequest('caller', null);
  app.decorateRequest('counted', false);
  app.addHook('onRequest', async (request) => {
    if (isFree(request)) return;
    const refusal = gate.shut(networkOf(request.ip));
    if (refusal === null) return;
    request.counted = true;
    throw refusal;
  });
  app.addHook('onResponse', async (request) => {
    const { caller } = request;
    if (request.counted || isFree(request)) return;
    const visitor = { caller, address: networkOf(request.ip) };
    gate.admit(visitor, new Map()).catch((err: unknown) => log.error({ err }, 'a request could not be counted'));
  });

  return async (request, reply, charges) => {
    request.counted = true;
    const admission = await gate.admit({ caller: request.caller, address: networkOf(request.ip) }, charges);
    const { standing, refusal } = admission;
    if (standing !== null) {
      reply.headers({
        'ratelimit-limit': standing.limit,
        'ratelimit-remaining': standing.remaining,
        'ratelimit-reset': Math.ceil(standing.resetMs / 1000),
      });
    }
    const wait = refusal?.extensions.retryAfterMs;
    if (typeof wait === 'number') reply.header('retry-after', Math.ceil(wait / 1000));
    return admission;
  };
}

function isFree({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.quiet === true;
}
