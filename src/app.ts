import { randomUUID } from 'node:crypto';
import { createBackgroundWork } from './backgroundWork.js';
import { ConfigError } from './config/config.js';
import { within } from './domain/within.js';
import { languageOfTag } from './engine/search/stems.js';
import { createHealth } from './health.js';
import type { AppDeps, Process } from './process.js';
import { openTextEncoder } from './registry/runtime/textEncoder.js';
import type { Snapshot } from './registry/snapshot.js';
import { patienceFor } from './resilience/patience.js';
import { createServer } from './server/server.js';
import { createServices } from './services/create.js';
import type { Services } from './services/services.js';
import { guardVectorIndex } from './store/guarded/vectorIndex.js';
import { observeCounters } from './store/observed/counters.js';
import { createExactIndex } from './store/vector/exact.js';
import { loadFaiss } from './store/vector/faiss.js';
import { createVectorIndex } from './store/vector/open.js';
import type { Stores } from './stores.js';
import { measureModels, measurePool, type ServingModel } from './telemetry/gauges.js';
import { silentTracing } from './telemetry/tracing.js';

export interface App extends Process {
  readonly services: Services;
  readonly stores: Stores;
}

/** How long a start waits for the deployed version before it serves without. */
const LOADING_MS = 10_000;

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
  const { slowMs, callMs } = patienceFor(config.deadlineMs);
  const vectorBreaker = breakers.create('vector', { slowMs, patienceMs: callMs, counts: () => true });
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
    createIndex: (vectors, dimensions, file) => {
      const index = createVectorIndex({
        vectors,
        dimensions,
        prefer: config.vectorIndex,
        effort: config.vectorEffort,
        hasFaiss,
        file,
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
  const worker = createBackgroundWork(stores, { config, clock, log, meter: metrics.meter });
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

function servingModel({ tenant, version, manifest }: Snapshot): ServingModel {
  return { tenant, version, trainedUntil: Date.parse(manifest.window.until) };
}
