import pg, { type Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Log } from '../../domain/log.js';

/**
 * A pool that outlives its connections: a broken idle one is logged and replaced, and one that breaks within a query
 * fails that query alone. `greeting` runs first on each new connection.
 */
export function createPool(config: PoolConfig, log: Log, greeting?: string): Pool {
  const pool = new pg.Pool({
    ...config,
    keepAlive: true,
    ...(greeting === undefined
      ? {}
      : {
          onConnect: async (client) => {
            await client.query(greeting);
          },
        }),
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  // A client in use that loses its connection emits this besides failing its query; unheard it would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Runs `work` in one transaction on one connection. `work` must use that connection alone: the pool may have no other. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: unknown) => {
      broken = lost instanceof Error ? lost : new Error(String(lost));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
