import pg, { type Pool, type PoolClient } from 'pg';
import { type Statement, select } from './rows.js';

const CANCEL_MS = 1_000;

/**
 * As `select`, for as long as the signal lets it: a query that has not begun does not begin, and PostgreSQL is asked to break off
 * one that runs. The embedded database has one connection, and so none to ask from: there it runs to its end.
 * @throws the reason of the signal.
 */
export async function selectUntil(
  pool: Pool,
  signal: AbortSignal | undefined,
  statement: Statement,
): Promise<unknown[][]> {
  if (signal === undefined) return select(pool, statement);
  signal.throwIfAborted();
  const client = await pool.connect();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping = cancel(pool, client);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await select(client, statement);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    // Not before the request to cancel is over: it would break off what the connection does next.
    await stopping;
    client.release();
  }
}

/** From a connection of its own: those of the pool may all be waiting for such queries. */
async function cancel(pool: Pool, client: PoolClient): Promise<void> {
  const id = 'processID' in client && typeof client.processID === 'number' ? client.processID : null;
  if (id === null || pool.options.max === 1) return;
  const own = new pg.Client({ ...pool.options, connectionTimeoutMillis: CANCEL_MS, query_timeout: CANCEL_MS });
  own.on('error', () => {});
  try {
    await own.connect();
    await own.query('SELECT pg_cancel_backend($1)', [id]);
  } catch {
    // It runs to its end; nobody waits for it any more.
  } finally {
    await own.end().catch(() => {});
  }
}
