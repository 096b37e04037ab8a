import type { Pool } from 'pg';
import { inTransaction } from './pool.js';
import { type Statement, select } from './rows.js';

/**
 * Reads one page of a listing by key (`WHERE key > last ORDER BY key LIMIT n`) along the key's index. Left to itself
 * the planner sorts everything that is left for every page, as long as a table's statistics are older than its rows:
 * just after an import, when it matters most.
 */
export function keysetPage(pool: Pool, statement: Statement): Promise<unknown[][]> {
  return inTransaction(pool, async (client) => {
    await client.query(
      'SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off',
    );
    return select(client, statement);
  });
}
