import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { CurioError } from '../domain/errors.js';
import type { Authenticate } from './auth/authenticate.js';

export interface MetricsRouteDeps {
  readonly authenticate: Authenticate;
  /** A bearer token that may scrape and nothing else; null for none. */
  readonly scrapeKey: string | null;
  readonly expose: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/** `/v1/metrics` in the text format of Prometheus, for an admin or whoever has the scrape key: it tells of every tenant. */
export function metricsRoute(app: FastifyInstance, { authenticate, scrapeKey, expose }: MetricsRouteDeps): void {
  const isScrapeKey = scrapeKey === null ? () => false : sameAs(`Bearer ${scrapeKey}`);
  app.get('/v1/metrics', { config: { quiet: true } }, async (request, reply) => {
    if (!isScrapeKey(request.headers.authorization ?? '')) {
      const caller = await authenticate(request.headers);
      if (caller === null) throw new CurioError('UNAUTHENTICATED', 'Send the token of an admin, or the scrape key');
      if (caller.identity.role !== 'admin') throw new CurioError('FORBIDDEN', 'Metrics are for the role admin');
    }
    const { contentType, text } = await expose();
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
  });
}

/** Takes the same time whatever is compared. */
function sameAs(expected: string): (given: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const wanted = digest(expected);
  return (given) => timingSafeEqual(digest(given), wanted);
}
