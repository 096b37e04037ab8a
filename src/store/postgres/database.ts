import type { Pool } from 'pg';
import type { Log } from '../../domain/log.js';
import { openEmbedded } from './embedded.js';
import { createPool } from './pool.js';

/** How long a query may wait for a connection to a server before it fails. */
const CONNECTION_TIMEOUT_MS = 10_000;

export interface DatabaseOptions {
  /** Null for the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Most connections to a server; the embedded database has one. */
  readonly poolSize: number;
  readonly log: Log;
}

/** A database that speaks PostgreSQL, wherever it runs. */
export interface Database {
  readonly kind: 'postgresql' | 'embedded';
  readonly pool: Pool;
  dispose(): Promise<void>;
}

/**
 * A server is not contacted yet.
 * @throws Error when the embedded database is in use by another process or cannot be opened.
 */
export async function connectDatabase({ databaseUrl, dataDir, poolSize, log }: DatabaseOptions): Promise<Database> {
  if (databaseUrl === null) return { kind: 'embedded', ...(await openEmbedded(dataDir, log)) };
  const pool = createPool(
    {
      connectionString: databaseUrl,
      max: poolSize,
      connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      application_name: 'curio',
    },
    log,
  );
  return { kind: 'postgresql', pool, dispose: () => pool.end() };
}
