import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Process } from '../process.js';

/** After SIGTERM balancers get this long to see that the server is not ready, while it still answers. */
const NOTICE_MS = 2_000;
/** Requests in flight get this long; then their connections are cut. */
const PATIENCE_MS = 6_000;
/** Whatever happens, the process is gone by then. */
const END_MS = 9_500;

/** The first signal says not ready, finishes what is under way and closes, within ten seconds; a second one ends at once. */
export function closeOnSignal(app: Process, balanced: boolean, log: Logger): void {
  let closing = false;
  const close = async (signal: NodeJS.Signals) => {
    if (closing) process.exit(1);
    closing = true;
    const late = setTimeout(() => {
      log.error('could not close in time');
      process.exit(1);
    }, END_MS);
    late.unref();
    app.drain();
    log.info({ signal }, 'finishing the requests in flight');
    if (balanced && signal === 'SIGTERM') await sleep(NOTICE_MS);
    const cut = setTimeout(() => {
      log.warn('requests in flight did not end in time: their connections are cut');
      app.server.server.closeAllConnections();
    }, PATIENCE_MS);
    cut.unref();
    try {
      await app.close();
      log.info('closed');
    } catch (error) {
      log.error({ err: error }, 'could not close cleanly');
      process.exitCode = 1;
    }
    process.exit();
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
}
