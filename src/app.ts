import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type Config, ConfigError } from './config/config.js';
import type { Clock } from './domain/clock.js';
import type { Meter } from './domain/meter.js';
import { within } from './domain/within.js';
import { languageOfTag } from './engine/search/stems.js';
import { isPositive } from './features/worth.js';
import { createHealth } from './health.js';
import { openRegistry, type Registry } from './registry/registry.js';
import { openTextEncoder } from './registry/runtime/textEncoder.js';
import type { Snapshot } from './registry/snapshot.js';
import { type Breakers, createBreakers } from './resilience/breakers.js';
import { createBulkhead } from './resilience/bulkhead.js';
import { createLoad, type Load, watchLoop } from './resilience/load.js';
import { createServer } from './server/server.js';
import { createWorkerServer } from './server/workerServer.js';
import { createServices } from './services/create.js';
import { createFeedWorker } from './services/feed/worker.js';
import { createHousekeeping } from './services/privacy/housekeeping.js';
import { createTraces } from './services/privacy/traces.js';
import type { Services } from './services/services.js';
import { createCachedEntities } from './store/cached/entityStore.js';
import { guardPostgres } from './store/guarded/postgres.js';
import { readFromReplica } from './store/guarded/replica.js';
import { guardVectorIndex } from './store/guarded/vectorIndex.js';
import { type OpenMedia, openMedia } from './store/media/open.js';
import { openMemory } from './store/memory/open.js';
import { observeCounters } from './store/observed/counters.js';
import type { CatalogueFeed } from './store/ports/catalogueFeed.js';
import type { LiveStores } from './store/ports/liveStores.js';
import { isDatabaseAway } from './store/postgres/away.js';
import { openPostgres, type PostgresStores } from './store/postgres/open.js';
import { isRedisAway } from './store/redis/away.js';
import { openRedis } from './store/redis/open.js';
import { createExactIndex } from './store/vector/exact.js';
import { loadFaiss } from './store/vector/faiss.js';
import { createVectorIndex } from './store/vector/open.js';
import { measureModels, measurePool, type ServingModel } from './telemetry/gauges.js';
import type { Metrics } from './telemetry/metrics.js';
import { silentTracing, type Tracing } from './telemetry/tracing.js';

export interface AppDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** @default none */
  readonly tracing?: Tracing;
}

/** The durable side (PostgreSQL or embedded), the live side (Redis or in process), the files of posts and the model versions. */
export interface Stores {
  readonly postgres: PostgresStores;
  /** What training reads: the replica where there is one, as far behind as it may be. */
  readonly archive: Pick<PostgresStores, 'entities' | 'eventLog'>;
  readonly live: LiveStores;
  readonly media: OpenMedia;
  readonly registry: Registry;
  readonly catalogueFeed: CatalogueFeed;
  readonly breakers: Breakers;
  readonly load: Load;
  dispose(): Promise<void>;
}

/** A process that listens. */
export interface Process {
  readonly server: FastifyInstance;
  /** Begins the work behind the answers, where it is this process's: once the database is migrated. */
  work(): void;
  /** Says that no new work is wanted here: not ready. Requests are still answered. */
  drain(): void;
  isDraining(): boolean;
  /** Finishes what is under way, flushes what is buffered, closes every connection. */
  close(): Promise<void>;
}

export interface App extends Process {
  readonly services: Services;
  readonly stores: Stores;
}

/** How long a start waits for the deployed version before it serves without. */
const LOADING_MS = 10_000;

/** Opens what the configuration names. The database is not migrated here. */
export async function openStores(deps: AppDeps): Promise<Stores> {
  const { config, clock, log, tracing = silentTracing } = deps;
  const { meter } = deps.metrics;
  const { tracer } = tracing;
  const { databaseUrl, databaseReadUrl, redisUrl, dataDir, poolSize, keyPrefix, personaliseByDefault } = config;
  const load = createLoad();
  const breakers = createBreakers({ meter, log, ownDelayMs: () => load.delayMs, tracer });
  const opened = await openPostgres({ databaseUrl, dataDir, poolSize, log, clock, isPositive, personaliseByDefault });
  const guarded = guardPostgres(opened, {
    reads: breakers.create('postgres', {
      // The embedded database has one connection: behind a large write a read waits, and nothing is wrong.
      slowMs: opened.kind === 'embedded' ? 2_000 : 200,
      patienceMs: opened.kind === 'embedded' ? 10_000 : 2_000,
      counts: isDatabaseAway,
    }).run,
    write: (work, what) => tracer.span(`postgres ${what}`, {}, work),
    bulk: createBulkhead({ atOnce: Math.max(1, Math.floor(poolSize / 4)), waiting: 200 }),
  });
  const replica =
    databaseReadUrl === null
      ? null
      : await openPostgres({
          databaseUrl: databaseReadUrl,
          dataDir,
          poolSize,
          log,
          clock,
          isPositive,
          personaliseByDefault,
        });
  const replicaOptions = { slowMs: 200, patienceMs: 2_000, counts: isDatabaseAway };
  const postgres =
    replica === null ? guarded : readFromReplica(guarded, replica, breakers.create('replica', replicaOptions).run);
  const guard = breakers.create('redis', { patienceMs: 1_000, coolDownMs: 500, counts: isRedisAway }).run;
  const live =
    redisUrl === null
      ? openMemory({ clock })
      : await openRedis({ url: redisUrl, prefix: keyPrefix, clock, log, guard });
  breakers.countAway('redis', live.isAway);
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
    privacy: postgres.privacy,
    pubSub: live.pubSub,
    log,
    newGuard: () => breakers.create('ranker', { patienceMs: 1_000, counts: () => true }),
  });
  const stopWatching = watchLoop(load);
  const { s3, baseUrl } = config.media;
  const media = await openMedia({ dataDir, s3, baseUrl, clock });
  return {
    postgres: { ...postgres, entities },
    archive: replica ?? postgres,
    live,
    media,
    registry,
    catalogueFeed: entities.feed,
    breakers,
    load,
    async dispose() {
      stopWatching();
      await registry.dispose();
      await entities.dispose();
      await live.dispose();
      await replica?.dispose();
      await postgres.dispose();
    },
  };
}

/** The composition root: the one place that knows every part. Tests and production build the same app. */
export async function buildApp(deps: AppDeps, stores: Stores): Promise<App> {
  const { config, clock, log, metrics, tracing = silentTracing } = deps;
  const { postgres, live, media, registry, breakers, load } = stores;
  const { meter } = metrics;
  const hasFaiss = config.vectorIndex !== 'exact' && loadFaiss() !== null;
  const searchLanguage = languageOfTag(config.searchLanguage);
  if (searchLanguage === null) {
    throw new ConfigError(`CURIO_SEARCH_LANGUAGE: there is no stemmer for "${config.searchLanguage}"`);
  }
  const textEncoder = config.textEncoder === null ? null : await openTextEncoder(config.textEncoder);
  const vectorBreaker = breakers.create('vector', { patienceMs: 1_000, counts: () => true });
  const services = createServices({
    registry,
    eventLog: postgres.eventLog,
    entities: postgres.entities,
    catalogueFeed: stores.catalogueFeed,
    shownLog: postgres.shownLog,
    rules: postgres.rules,
    posts: postgres.posts,
    feed: postgres.feed,
    media: media.store,
    privacy: postgres.privacy,
    cache: live.cache,
    counters: observeCounters(live.counters, { meter, clock }),
    pubSub: live.pubSub,
    sightings: live.sightings,
    createIndex: (vectors, dimensions) => {
      const index = createVectorIndex({
        vectors,
        dimensions,
        prefer: config.vectorIndex,
        effort: config.vectorEffort,
        hasFaiss,
        onFailure: (error) => log.error({ err: error }, 'the FAISS index failed; every row is read from now on'),
      });
      return guardVectorIndex(index, vectorBreaker.run, () => vectorBreaker.state !== 'closed');
    },
    createExactIndex,
    textEncoder,
    searchLanguage,
    exploration: config.exploration,
    dpEpsilon: config.dpEpsilon,
    personaliseByDefault: config.personaliseByDefault,
    autoUsers: config.autoUsers,
    fanOutLimit: config.fanOutLimit,
    mediaLimit: config.media.limit,
    newId: randomUUID,
    clock,
    log,
    meter,
    tracer: tracing.tracer,
    isBusy: () => load.level !== 'calm',
    deadlineMs: config.deadlineMs,
  });
  measurePool(meter, postgres.poolUse);
  measureModels(meter, () => registry.serving().map(servingModel), clock);
  // A database that does not answer is waited for while serving: nothing here depends on who starts first.
  await within(LOADING_MS, registry.ensureLoaded(config.defaultTenant)).catch((err: unknown) => {
    log.warn({ err }, 'the model is not loaded yet');
  });
  services.search.warm(config.defaultTenant);
  let draining = false;
  const server = await createServer({
    config,
    services,
    entities: postgres.entities,
    apiKeys: postgres.apiKeys,
    rateLimiter: live.rateLimiter,
    health: createHealth({ config, ...stores }),
    isDraining: () => draining,
    load,
    tracing,
    media: media.files,
    deploy: registry.deploy,
    log,
    metrics,
    clock,
  });
  const worker = createWorker(stores, { config, clock, log, meter: metrics.meter });
  return {
    server,
    services,
    stores,
    work() {
      services.trending.warm(config.defaultTenant);
      if (config.role === 'all') worker.start();
    },
    drain() {
      draining = true;
    },
    isDraining: () => draining,
    async close() {
      draining = true;
      await server.close();
      await worker.stop();
      await services.dispose();
      await textEncoder?.dispose();
      await postgres.shownLog.flush();
      await stores.dispose();
      await tracing.dispose();
    },
  };
}

/** A process that answers nobody and does the work behind the answers of others. */
export function buildWorker({ config, clock, log, metrics }: AppDeps, stores: Stores): Process {
  const { postgres } = stores;
  measurePool(metrics.meter, postgres.poolUse);
  const worker = createWorker(stores, { config, clock, log, meter: metrics.meter });
  let draining = false;
  const server = createWorkerServer({
    config,
    apiKeys: postgres.apiKeys,
    health: createHealth({ config, ...stores }),
    isDraining: () => draining,
    log,
    metrics,
    clock,
  });
  return {
    server,
    work: () => worker.start(),
    drain() {
      draining = true;
    },
    isDraining: () => draining,
    async close() {
      draining = true;
      await server.close();
      await worker.stop();
      await stores.dispose();
    },
  };
}

/** The work behind the answers: feeds, and what privacy asks for. */
function createWorker(
  { postgres, live, media, registry }: Stores,
  { config, clock, log, meter }: Pick<AppDeps, 'config' | 'clock' | 'log'> & { readonly meter: Meter },
) {
  const { cache, counters, pubSub } = live;
  const feeds = createFeedWorker({ work: postgres.feedWork, media: media.store, pubSub, clock, log });
  const housekeeping = createHousekeeping({
    privacy: postgres.privacy,
    traces: createTraces({ cache, counters, versions: registry, newId: randomUUID }),
    cache,
    retentionDays: config.retentionDays,
    clock,
    log,
    meter,
  });
  return {
    start() {
      feeds.start();
      housekeeping.start();
    },
    stop: () => Promise.all([feeds.stop(), housekeeping.stop()]),
  };
}

function servingModel({ tenant, version, manifest }: Snapshot): ServingModel {
  return { tenant, version, trainedUntil: Date.parse(manifest.window.until) };
}

/** Threads for training: every core this process may use. */
export const trainingThreads = (): number => os.availableParallelism();
