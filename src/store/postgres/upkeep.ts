import type { Pool } from 'pg';
import type { Log } from '../../domain/log.js';
import { asText, select } from './rows.js';

const EVERY_MS = 10_000;

/** A table is due as it would be for autovacuum, sooner for small ones: a first import must not wait for good plans. */
const DUE = `
  SELECT quote_ident(relname), n_dead_tup > 1000 + 0.2 * n_live_tup FROM pg_stat_user_tables
  WHERE n_mod_since_analyze > 500 + 0.2 * n_live_tup OR n_dead_tup > 1000 + 0.2 * n_live_tup
  ORDER BY relname`;

/** How much log may be replayed after a crash; without a checkpoint it would grow for as long as the process runs. */
const LOG_BYTES = 64 * 1024 * 1024;
const LOG_GROWN = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) > ${LOG_BYTES} FROM pg_control_checkpoint()`;

export interface Upkeep {
  /** Looks after what is due now, and ends. */
  stop(): Promise<void>;
}

/**
 * Does what a server's autovacuum and checkpointer do, which the embedded database lacks: fresh statistics, without
 * which plans are made for empty tables; room of dead rows given back; and a write-ahead log that stays small.
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
  const [[grown] = []] = await select(pool, { text: LOG_GROWN, values: [] });
  if (grown === true) await pool.query('CHECKPOINT');
}
