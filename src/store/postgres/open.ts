import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { PrismaClient } from '../../generated/prisma/client.js';
import type { ApiKeyStore } from '../ports/apiKeyStore.js';
import type { EntityStore } from '../ports/entityStore.js';
import type { EventLog } from '../ports/eventLog.js';
import type { ModelStore } from '../ports/modelStore.js';
import type { ShownLog } from '../ports/shownLog.js';
import { createApiKeyStore } from './apiKeyStore.js';
import { openEmbedded } from './embedded.js';
import { createEntityStore } from './entityStore.js';
import type { IsPositive } from './eraseUser.js';
import { createEventLog } from './eventLog.js';
import { applyMigrations, pendingMigrations } from './migrate.js';
import { createModelStore } from './modelStore.js';
import { createPool } from './pool.js';
import { createShownLog } from './shownLog.js';

/** How long a query may wait for a connection to a server before it fails. */
const CONNECTION_TIMEOUT_MS = 10_000;

export interface PostgresOptions {
  /** Null for the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Most connections to a server; the embedded database has one. */
  readonly poolSize: number;
  /** Whether an event counts towards an item's popularity. */
  readonly isPositive: IsPositive;
  readonly log: Log;
  readonly clock: Clock;
}

/** Everything durable. */
export interface PostgresStores {
  readonly kind: 'postgresql' | 'embedded';
  readonly entities: EntityStore;
  readonly eventLog: EventLog;
  readonly shownLog: ShownLog;
  readonly models: ModelStore;
  readonly apiKeys: ApiKeyStore;
  /** Applies the migrations that are pending; `onStep` hears each name before it is applied. Answers their names. */
  migrate(onStep?: (name: string) => void): Promise<string[]>;
  /** Names of the migrations that are not applied. */
  pending(): Promise<string[]>;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  /** What the server calls its version: `18.0`, `15.9 (Debian 15.9-0+deb12u1)`. */
  version(): Promise<string>;
  /** Writes what is waiting, then closes every connection, and the embedded database. */
  dispose(): Promise<void>;
}

/**
 * Opens PostgreSQL, or the embedded one where `databaseUrl` is null: the same code and the same SQL on both.
 * A server is not contacted yet. Nothing is migrated.
 * @throws Error when the embedded database is in use by another process or cannot be opened.
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresStores> {
  const { databaseUrl, dataDir, poolSize, isPositive, log, clock } = options;
  const embedded = databaseUrl === null ? await openEmbedded(dataDir, log) : null;
  const settings = {
    connectionString: databaseUrl ?? '',
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    application_name: 'curio',
  };
  const pool = embedded?.pool ?? createPool({ ...settings, max: poolSize }, log);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  const eventLog = createEventLog({ pool, isPositive, maxInFlight: embedded === null ? 2 : 1 });
  const shownLog = createShownLog({ pool, log });
  const entities = createEntityStore({ pool, prisma, clock, isPositive });

  async function withSingle<T>(work: (single: Pool) => Promise<T>): Promise<T> {
    if (embedded !== null) return work(pool);
    const single = createPool({ ...settings, max: 1, idleTimeoutMillis: 0 }, log);
    try {
      return await work(single);
    } finally {
      await single.end();
    }
  }

  return {
    kind: embedded === null ? 'postgresql' : 'embedded',
    entities: {
      ...entities,
      async eraseUser(tenant, id) {
        // A list shown to the person may still be waiting to be written.
        await shownLog.flush();
        return entities.eraseUser(tenant, id);
      },
    },
    eventLog,
    shownLog,
    models: createModelStore({ prisma, clock }),
    apiKeys: createApiKeyStore({ prisma, clock }),
    migrate: (onStep = () => {}) => withSingle((single) => applyMigrations(single, onStep)),
    pending: () => pendingMigrations(pool),
    async ping() {
      await pool.query('SELECT 1');
    },
    async version() {
      const { rows } = await pool.query('SHOW server_version');
      return String(rows[0]?.server_version);
    },
    async dispose() {
      await eventLog.dispose();
      await shownLog.dispose();
      await prisma.$disconnect();
      if (embedded === null) await pool.end();
      else await embedded.dispose();
    },
  };
}
