import type { FastifyInstance } from 'fastify';

const SWEEP_MS = 100;

/**
 * Makes `close()` as long as the requests in flight, not as the patience of keep-alive connections: each last answer says
 * that its connection ends, and connections that fall idle meanwhile are closed.
 */
export function drainOnClose(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    if (!app.server.listening) return;
    const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
    app.server.once('close', () => clearInterval(sweep));
    sweep.unref();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}
