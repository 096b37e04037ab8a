import { PrismaPg } from '@prisma/adapter-pg';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { PrismaClient } from '../../generated/prisma/client.js';
import type { ApiKeyStore } from '../ports/apiKeyStore.js';
import type { EntityStore } from '../ports/entityStore.js';
import type { EventLog } from '../ports/eventLog.js';
import type { FeedStore } from '../ports/feedStore.js';
import type { FeedWork } from '../ports/feedWork.js';
import type { ModelStore } from '../ports/modelStore.js';
import type { PostStore } from '../ports/postStore.js';
import type { PrivacyStore } from '../ports/privacyStore.js';
import type { RuleStore } from '../ports/ruleStore.js';
import type { ShownLog } from '../ports/shownLog.js';
import { createApiKeyStore } from './apiKeyStore.js';
import { connectDatabase, type Database, type DatabaseOptions } from './database.js';
import { createEntityStore } from './entityStore.js';
import type { IsPositive } from './eraseUser.js';
import { createEventLog } from './eventLog.js';
import { createFeedStore } from './feedStore.js';
import { createFeedWork } from './feedWork.js';
import { applyMigrations, pendingMigrations } from './migrate.js';
import { createModelStore } from './modelStore.js';
import { createPostStore } from './postStore.js';
import { createPrivacyStore } from './privacyStore.js';
import { createRuleStore } from './ruleStore.js';
import { createShownLog } from './shownLog.js';

/** What the stores need besides a database. */
export interface StoreDeps {
  /** Whether an event counts towards an item's popularity. */
  readonly isPositive: IsPositive;
  readonly log: Log;
  readonly clock: Clock;
  /** What counts for people who never said whether they want lists of their own. @default true */
  readonly personaliseByDefault?: boolean;
}

export type PostgresOptions = DatabaseOptions & StoreDeps;

/** Everything durable. */
export interface PostgresStores {
  readonly kind: Database['kind'];
  readonly entities: EntityStore;
  readonly eventLog: EventLog;
  readonly shownLog: ShownLog;
  readonly models: ModelStore;
  readonly apiKeys: ApiKeyStore;
  readonly rules: RuleStore;
  readonly posts: PostStore;
  readonly feed: FeedStore;
  readonly feedWork: FeedWork;
  readonly privacy: PrivacyStore;
  /** Applies the migrations that are pending; `onStep` hears each name before it is applied. Answers their names. */
  migrate(onStep?: (name: string) => void): Promise<string[]>;
  /** Names of the migrations that are not applied. */
  pending(): Promise<string[]>;
  /** Connections of the pool, and statements that wait for one. */
  poolUse(): { readonly idle: number; readonly active: number; readonly waiting: number };
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
  return createStores(await connectDatabase(options), options);
}

/** The stores over an open database, which goes with them. */
export function createStores(
  database: Database,
  { isPositive, log, clock, personaliseByDefault = true }: StoreDeps,
): PostgresStores {
  const { kind, pool } = database;
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  // A second statement overlaps with the first one's wait for the disk; the embedded database has one connection.
  const eventLog = createEventLog({ pool, isPositive, personaliseByDefault, maxInFlight: kind === 'embedded' ? 1 : 2 });
  const shownLog = createShownLog({ pool, log });
  const entities = createEntityStore({ pool, prisma, clock, isPositive, personaliseByDefault });
  return {
    kind,
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
    apiKeys: createApiKeyStore({ pool, prisma, clock }),
    rules: createRuleStore({ pool, prisma, clock }),
    posts: createPostStore({ pool }),
    feed: createFeedStore({ pool }),
    feedWork: createFeedWork({ pool }),
    privacy: createPrivacyStore({ pool }),
    migrate: (onStep = () => {}) => applyMigrations(pool, onStep),
    pending: () => pendingMigrations(pool),
    poolUse: () => ({
      idle: pool.idleCount,
      active: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
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
      await database.dispose();
    },
  };
}
