import pg, { type Pool, type PoolClient } from 'pg';
import { type Statement, select } from './rows.js';

const CANCEL_MS = 1_000;

/** As `select`, for as long as the signal lets it: see `connectedUntil`. */
export async function selectUntil(
  pool: Pool,
  signal: AbortSignal | undefined,
  statement: Statement,
): Promise<unknown[][]> {
  if (signal === undefined) return select(pool, statement);
  return connectedUntil(pool, signal, (client) => select(client, statement));
}

/**
 * Lends a connection for as long as the signal lets it: work that has not begun does not begin, and PostgreSQL is asked to break
 * off a statement that runs. Where that does not help within a second the connection is closed, and with it its transaction. The
 * embedded database has one connection, and so none to ask from: there a statement runs to its end. `work` calls `lose` when the
 * connection must not be used again.
 * @throws the reason of the signal.
 */
export async function connectedUntil<T>(
  pool: Pool,
  signal: AbortSignal | undefined,
  work: (client: PoolClient, lose: () => void) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const client = await pool.connect();
  const watch = watchFor(signal, pool, client);
  let isLost = false;
  let isOver = false;
  const lose = () => {
    isLost = true;
  };
  try {
    signal?.throwIfAborted();
    const running = work(client, lose).finally(() => {
      isOver = true;
    });
    return await (watch === null ? running : Promise.race([running, watch.abandoned]));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    // Not before the request to cancel is over: it would break off what the connection does next.
    const isAbandoned = await watch?.end();
    client.release(isLost || (isAbandoned === true && !isOver));
  }
}

/** Asks for the end of what a connection does as soon as the signal aborts; `abandoned` rejects where that does not help. */
function watchFor(signal: AbortSignal | undefined, pool: Pool, client: PoolClient) {
  if (signal === undefined) return null;
  let asking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isAbandoned = false;
  let abandon: (error: Error) => void = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    abandon = reject;
  });
  const stop = () => {
    asking = cancel(pool, client).then((couldAsk) => {
      if (!couldAsk) return;
      timer = setTimeout(() => {
        isAbandoned = true;
        abandon(new Error('A statement did not end when it was asked to'));
      }, CANCEL_MS);
    });
  };
  signal.addEventListener('abort', stop, { once: true });
  return {
    abandoned,
    async end(): Promise<boolean> {
      signal.removeEventListener('abort', stop);
      await asking;
      clearTimeout(timer);
      return isAbandoned;
    },
  };
}

/**
 * From a connection of its own: those of the pool may all be waiting for such statements. False where nobody can be asked; where
 * the asking fails nobody may be there any more.
 */
async function cancel(pool: Pool, client: PoolClient): Promise<boolean> {
  const id = 'processID' in client && typeof client.processID === 'number' ? client.processID : null;
  if (id === null || pool.options.max === 1) return false;
  const own = new pg.Client({ ...pool.options, connectionTimeoutMillis: CANCEL_MS, query_timeout: CANCEL_MS });
  own.on('error', () => {});
  try {
    await own.connect();
    await own.query('SELECT pg_cancel_backend($1)', [id]);
  } catch {
    // What it was asked to end is abandoned.
  } finally {
    // An end that is not answered is not waited for.
    void own.end().catch(() => {});
  }
  return true;
}
