import pg, { type Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Log } from '../../domain/log.js';
import { connectedUntil } from './cancellable.js';

/**
 * Compiling a plan to machine code costs more than any query here runs for. And every prepared statement is written
 * so that one plan is right for all its parameters: planning `append` anew takes longer than running it for one event.
 */
const SESSION = 'SET jit = off; SET plan_cache_mode = force_generic_plan';

/**
 * A pool that outlives its connections: a broken idle one is logged and replaced, and one that breaks within a query
 * fails that query alone. `greeting` runs first on each new connection.
 */
export function createPool(config: PoolConfig, log: Log, greeting = ''): Pool {
  const pool = new pg.Pool({
    ...config,
    keepAlive: true,
    onConnect: async (client) => {
      if (greeting !== '') await client.query(greeting);
      await client.query(SESSION);
    },
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  // A client in use that loses its connection emits this besides failing its query; unheard it would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/**
 * Runs `work` in one transaction on one connection, for as long as the signal lets it. `work` must use that connection alone: the
 * pool may have no other.
 */
export function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return connectedUntil(pool, signal, async (client, lose) => {
    try {
      await client.query('BEGIN');
      const result = await work(client);
      signal?.throwIfAborted();
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(lose);
      throw error;
    }
  });
}
