import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { isPositive } from './features/worth.js';
import type { AppDeps } from './process.js';
import { openRegistry, type Registry } from './registry/registry.js';
import { type Breakers, createBreakers } from './resilience/breakers.js';
import { createBulkhead } from './resilience/bulkhead.js';
import { createLoad, type Load, watchLoop } from './resilience/load.js';
import { patienceFor } from './resilience/patience.js';
import { createCachedEntities } from './store/cached/entityStore.js';
import { guardPostgres } from './store/guarded/postgres.js';
import { readFromReplica } from './store/guarded/replica.js';
import { type OpenMedia, openMedia } from './store/media/open.js';
import { openMemory } from './store/memory/open.js';
import type { CatalogueFeed } from './store/ports/catalogueFeed.js';
import type { LiveStores } from './store/ports/liveStores.js';
import { isDatabaseAway } from './store/postgres/away.js';
import { openPostgres, type PostgresStores } from './store/postgres/open.js';
import { isRedisAway } from './store/redis/away.js';
import { openRedis } from './store/redis/open.js';
import { loadFaiss } from './store/vector/faiss.js';
import { buildVectorIndex } from './store/vector/open.js';
import { silentTracing } from './telemetry/tracing.js';

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

/** Opens what the configuration names. The database is not migrated here. */
export async function openStores(deps: AppDeps): Promise<Stores> {
  const { config, clock, log, tracing = silentTracing } = deps;
  const { meter } = deps.metrics;
  const { tracer } = tracing;
  const { databaseUrl, databaseReadUrl, redisUrl, dataDir, poolSize, keyPrefix, personaliseByDefault } = config;
  const { vectorIndex, vectorEffort } = config;
  const load = createLoad();
  const patience = patienceFor(config.deadlineMs);
  const breakers = createBreakers({ meter, log, ownDelayMs: () => load.delayMs, tracer });
  const opened = await openPostgres({ databaseUrl, dataDir, poolSize, log, clock, isPositive, personaliseByDefault });
  const guarded = guardPostgres(opened, {
    reads: breakers.create('postgres', {
      // The embedded database has one connection: behind a large write a read waits, and nothing is wrong.
      slowMs: opened.kind === 'embedded' ? 10 * patience.slowMs : patience.slowMs,
      patienceMs: opened.kind === 'embedded' ? 5 * patience.readMs : patience.readMs,
      counts: isDatabaseAway,
    }).run,
    write: (work, what) => tracer.span(`postgres ${what}`, {}, work),
    single: createBulkhead({ atOnce: Math.max(1, Math.floor(poolSize / 3)), waiting: 1_000 }),
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
  const replicaOptions = { slowMs: patience.slowMs, patienceMs: patience.readMs, counts: isDatabaseAway };
  const postgres =
    replica === null ? guarded : readFromReplica(guarded, replica, breakers.create('replica', replicaOptions).run);
  const { slowMs, callMs, commandMs } = patience;
  const waits = { slowMs, patienceMs: callMs };
  const guard = breakers.create('redis', { ...waits, coolDownMs: 500, counts: isRedisAway }).run;
  const live =
    redisUrl === null
      ? openMemory({ clock })
      : await openRedis({ url: redisUrl, prefix: keyPrefix, clock, log, guard, commandMs });
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
    buildIndex: (vectors, dimensions) =>
      buildVectorIndex({
        vectors,
        dimensions,
        prefer: vectorIndex,
        effort: vectorEffort,
        hasFaiss: loadFaiss() !== null,
      }),
    newGuard: () => breakers.create('ranker', { ...waits, counts: () => true }),
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
