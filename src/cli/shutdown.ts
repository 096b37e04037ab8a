import type { Logger } from 'pino';
import type { App } from '../app.js';

/** The first signal finishes what is under way and closes; a second one ends at once. */
export function closeOnSignal(app: App, log: Logger): void {
  let closing = false;
  const close = async (signal: NodeJS.Signals) => {
    if (closing) process.exit(1);
    closing = true;
    log.info({ signal }, 'finishing the requests in flight');
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
