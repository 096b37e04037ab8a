import type { Pool } from 'pg';
import type { Log } from '../../domain/log.js';
import { asText, select } from './rows.js';

const EVERY_MS = 10_000;

/** A table is due as it would be for autovacuum, sooner for small ones: a first import must not wait for good plans. */
const DUE = `
  SELECT quote_ident(relname), n_dead_tup > 1000 + 0.2 * n_live_tup FROM pg_stat_user_tables
  WHERE n_mod_since_analyze > 500 + 0.2 * n_live_tup OR n_dead_tup > 1000 + 0.2 * n_live_tup
  ORDER BY relname`;

export interface Upkeep {
  /** Looks after what is due now, and ends. */
  stop(): Promise<void>;
}

/**
 * Does what a server's autovacuum does, which the embedded database lacks: fresh statistics, without which plans are
 * made for empty tables, and room of dead rows given back.
 */
export function startUpkeep(pool: Pool, log: Log): Upkeep {
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = running
      .then(() => lookAfter(pool))
      .catch((error: unknown) => log.warn({ err: error }, 'the upkeep of the embedded database failed'));
    return running;
  };
  const timer = setInterval(run, EVERY_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      return run();
    },
  };
}

async function lookAfter(pool: Pool): Promise<void> {
  // What the last second changed is not counted yet.
  await pool.query('SELECT pg_stat_force_next_flush()');
  for (const [table, dirty] of await select(pool, { text: DUE, values: [] })) {
    await pool.query(`${dirty === true ? 'VACUUM (ANALYZE)' : 'ANALYZE'} ${asText(table)}`);
  }
}
