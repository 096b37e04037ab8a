import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import type { Clock } from './domain/clock.js';
import { isPositive } from './features/worth.js';
import { openRegistry, type Registry } from './registry/registry.js';
import type { HealthReport } from './server/health.js';
import { createServer } from './server/server.js';
import { createServices } from './services/create.js';
import type { Services } from './services/services.js';
import { createCachedEntities } from './store/cached/entityStore.js';
import { openMemory } from './store/memory/open.js';
import type { LiveStores } from './store/ports/liveStores.js';
import { openPostgres, type PostgresStores } from './store/postgres/open.js';
import { openRedis } from './store/redis/open.js';
import { loadFaiss } from './store/vector/faiss.js';
import { createVectorIndex } from './store/vector/open.js';

export interface AppDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The durable side (PostgreSQL or embedded), the live side (Redis or in process) and the model versions. */
export interface Stores {
  readonly postgres: PostgresStores;
  readonly live: LiveStores;
  readonly registry: Registry;
  dispose(): Promise<void>;
}

export interface App {
  readonly server: FastifyInstance;
  readonly services: Services;
  readonly stores: Stores;
  /** Finishes the requests in flight, flushes what is buffered, closes every connection. */
  close(): Promise<void>;
}

/** Opens what the configuration names. The database is not migrated here. */
export async function openStores({ config, clock, log }: AppDeps): Promise<Stores> {
  const { databaseUrl, redisUrl, dataDir, poolSize, keyPrefix } = config;
  const postgres = await openPostgres({ databaseUrl, dataDir, poolSize, log, clock, isPositive });
  const live =
    redisUrl === null ? openMemory({ clock }) : await openRedis({ url: redisUrl, prefix: keyPrefix, clock, log });
  const entities = createCachedEntities(postgres.entities, {
    cache: live.cache,
    pubSub: live.pubSub,
    newId: randomUUID,
    clock,
    log,
  });
  const registry = openRegistry({
    dir: path.join(dataDir, 'models'),
    models: postgres.models,
    pubSub: live.pubSub,
    log,
  });
  return {
    postgres: { ...postgres, entities },
    live,
    registry,
    async dispose() {
      await registry.dispose();
      await entities.dispose();
      await live.dispose();
      await postgres.dispose();
    },
  };
}

/** The composition root: the one place that knows every part. Tests and production build the same app. */
export async function buildApp({ config, clock, log }: AppDeps, stores: Stores): Promise<App> {
  const { postgres, live, registry } = stores;
  const hasFaiss = config.vectorIndex !== 'exact' && loadFaiss() !== null;
  const services = createServices({
    registry,
    eventLog: postgres.eventLog,
    entities: postgres.entities,
    shownLog: postgres.shownLog,
    rules: postgres.rules,
    cache: live.cache,
    counters: live.counters,
    pubSub: live.pubSub,
    createIndex: (vectors, dimensions) =>
      createVectorIndex({
        vectors,
        dimensions,
        prefer: config.vectorIndex,
        effort: config.vectorEffort,
        hasFaiss,
        onFailure: (error) => log.error({ err: error }, 'the FAISS index failed; every row is read from now on'),
      }),
    exploration: config.exploration,
    autoUsers: config.autoUsers,
    newId: randomUUID,
    clock,
    log,
  });
  await registry.ensureLoaded(config.defaultTenant);
  const server = await createServer({
    config,
    services,
    entities: postgres.entities,
    apiKeys: postgres.apiKeys,
    rateLimiter: live.rateLimiter,
    health: () => health(stores, config),
    log,
    clock,
  });
  return {
    server,
    services,
    stores,
    async close() {
      await server.close();
      await services.dispose();
      await postgres.shownLog.flush();
      await stores.dispose();
    },
  };
}

async function health({ postgres, live, registry }: Stores, config: Config): Promise<HealthReport> {
  const up = (check: Promise<unknown>) =>
    check.then(
      () => 'up' as const,
      () => 'down' as const,
    );
  const [database, online] = await Promise.all([up(postgres.ping()), up(live.ping())]);
  const model = registry.current(config.defaultTenant);
  return {
    database: { kind: postgres.kind, status: database },
    live: { kind: live.kind, status: online },
    model: { version: model?.version ?? null, status: model === null ? 'absent' : 'up' },
  };
}

/** Threads for training: every core this process may use. */
export const trainingThreads = (): number => os.availableParallelism();
