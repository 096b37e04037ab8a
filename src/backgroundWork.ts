import { randomUUID } from 'node:crypto';
import type { Meter } from './domain/meter.js';
import { createHealth } from './health.js';
import type { AppDeps, Process } from './process.js';
import { createWorkerServer } from './server/workerServer.js';
import { createFeedWorker } from './services/feed/worker.js';
import { createHousekeeping } from './services/privacy/housekeeping.js';
import { createTraces } from './services/privacy/traces.js';
import type { Stores } from './stores.js';
import { measurePool } from './telemetry/gauges.js';

/** The work behind the answers: feeds, and what privacy asks for. */
export function createBackgroundWork(
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

/** A process that answers nobody and does the work behind the answers of others. */
export function buildWorker({ config, clock, log, metrics }: AppDeps, stores: Stores): Process {
  const { postgres } = stores;
  measurePool(metrics.meter, postgres.poolUse);
  const worker = createBackgroundWork(stores, { config, clock, log, meter: metrics.meter });
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
