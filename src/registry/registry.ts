import path from 'node:path';
import { CurioError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import type { ModelRow, ModelStore } from '../store/ports/modelStore.js';
import type { PrivacyStore } from '../store/ports/privacyStore.js';
import type { PubSub } from '../store/ports/pubSub.js';
import { RegistryError } from './errors.js';
import { tenantFolder } from './folderNames.js';
import { createForgetting } from './forgetting.js';
import { guardRanker, type OwnGuard } from './guardRanker.js';
import type { Manifest } from './manifest.js';
import { createServing } from './serving.js';
import type { Snapshot } from './snapshot.js';
import { type BuildIndex, type LoadedVersion, loadVersion, type VersionDraft, writeVersion } from './versionFolder.js';

export interface RegistryDeps {
  /** Holds `<tenant>/<version>/`; the same place for every node. */
  readonly dir: string;
  readonly models: ModelStore;
  /** Who is still there when a version is published: someone may be erased while it learns. @default everyone */
  readonly privacy?: Pick<PrivacyStore, 'unknownAmong'>;
  readonly pubSub: PubSub;
  readonly log: Log;
  /** @default none: every node makes its indexes by itself */
  readonly buildIndex?: BuildIndex;
  /** A breaker for the ranker of one version. @default none */
  readonly newGuard?: () => OwnGuard;
  /** How often to look for deployments whose message was lost. @default 10,000 */
  readonly pollMs?: number;
  /** How long a replaced version is kept for the requests that still hold it. @default 60,000 */
  readonly graceMs?: number;
}

/** Model versions: folders on disk, rows in the database, one snapshot per tenant in memory. */
export interface Registry {
  /**
   * What serves the tenant now; null until something is deployed and loaded. Never waits: for a tenant it does not know
   * yet it starts to load.
   */
  current(tenant: string): Snapshot | null;
  /** What serves here, one for each tenant that was asked for and has something. */
  serving(): readonly Snapshot[];
  /** Loads what is deployed unless it is loaded already; null when nothing is. A version that fails to load is logged. */
  ensureLoaded(tenant: string): Promise<Snapshot | null>;
  /** Writes a version and registers it. It serves nobody before it is deployed. */
  publish(tenant: string, draft: VersionDraft): Promise<Manifest>;
  /**
   * Makes a version serve, here at once and on every node within a second.
   * @throws CurioError `NOT_FOUND` for an id that is not registered.
   * @throws RegistryError when it cannot be loaded; what was deployed goes on serving.
   */
  deploy(tenant: string, id: string): Promise<void>;
  /**
   * Deploys the newest version older than the one deployed that has served before; answers its id.
   * @throws CurioError `NOT_FOUND` when there is none.
   */
  rollback(tenant: string): Promise<string>;
  /**
   * Where a version lies, and the moment before which everything it learned from happened.
   * @throws CurioError `NOT_FOUND` for an id that is not registered.
   */
  find(tenant: string, id: string): Promise<{ readonly folder: string; readonly until: Date }>;
  /** No version names the person any longer, in any file, and within a second in no memory either. */
  forget(tenant: string, userId: string): Promise<void>;
  /** Newest first. */
  list(tenant: string): Promise<ModelRow[]>;
  dispose(): Promise<void>;
}

/** Deployments, by tenant: a hint to look at the database. */
const CHANNEL = 'models';
/** Versions whose files changed, by tenant. */
const REWRITTEN = 'models-rewritten';

export function openRegistry(deps: RegistryDeps): Registry {
  const { dir, models, pubSub, log, buildIndex, newGuard, pollMs = 10_000, graceMs = 60_000 } = deps;
  const folderOf = (tenant: string) => path.join(dir, tenantFolder(tenant));

  const load = async (tenant: string, id: string): Promise<LoadedVersion> => {
    const loaded = await loadVersion(path.join(folderOf(tenant), id));
    const { version, tenant: owner } = loaded.snapshot;
    if (version === id && owner === tenant) return newGuard === undefined ? loaded : guardRanker(loaded, newGuard);
    await loaded.dispose();
    throw new RegistryError(`model version ${id} of tenant ${tenant}: its folder holds ${version} of ${owner}`);
  };
  const serving = createServing({
    deployed: async (tenant) => (await models.deployed(tenant))?.id ?? null,
    earlier: async (tenant, id) => servedBefore(await models.list(tenant), id),
    load,
    graceMs,
    log,
  });

  const listening = pubSub
    .subscribe(CHANNEL, (tenant) => {
      if (serving.knows(tenant)) void serving.refresh(tenant);
    })
    .catch((error: unknown) => {
      log.warn({ error }, 'deployments are not announced here; they are found by looking every few seconds');
      return async () => {};
    });
  const listeningToRewrites = pubSub
    .subscribe(REWRITTEN, (tenant) => void serving.reload(tenant))
    .catch((error: unknown) => {
      log.warn({ error }, 'erasures are not announced here; people who were erased stay in memory, and are not shown');
      return async () => {};
    });
  const forgetting = createForgetting({
    folderOf,
    ...(deps.privacy !== undefined && { privacy: deps.privacy }),
    // Heard here too.
    changed: (tenant) =>
      pubSub.publish(REWRITTEN, tenant).catch((error: unknown) => {
        log.warn({ tenant, error }, 'other nodes were not told that a model version changed');
      }),
  });
  const poll = setInterval(() => {
    for (const tenant of serving.tenants()) void serving.refresh(tenant);
  }, pollMs);
  poll.unref();

  const find = async (tenant: string, id: string): Promise<{ folder: string; until: Date }> => {
    const row = (await models.list(tenant)).find((one) => one.id === id);
    if (row === undefined) throw new CurioError('NOT_FOUND', `There is no model version ${id}.`, { id });
    return { folder: path.join(folderOf(tenant), id), until: row.trainedUntil };
  };

  const deploy = async (tenant: string, id: string): Promise<void> => {
    await find(tenant, id);
    // Loaded before it is deployed: what cannot be loaded must not be what every node looks for.
    const loaded = await load(tenant, id);
    try {
      await models.deploy(tenant, id);
    } catch (error) {
      await loaded.dispose();
      throw error;
    }
    await serving.adopt(tenant, loaded);
    await pubSub.publish(CHANNEL, tenant).catch((error: unknown) => {
      log.warn({ tenant, version: id, error }, 'the deployment was not announced; other nodes find it by looking');
    });
    log.info({ tenant, version: id }, 'model version deployed');
  };

  return {
    current: serving.current,
    serving: () => serving.tenants().flatMap((tenant) => serving.current(tenant) ?? []),
    async ensureLoaded(tenant) {
      await serving.refresh(tenant);
      return serving.current(tenant);
    },
    async publish(tenant, draft) {
      const parent = (await models.deployed(tenant))?.id ?? null;
      const manifest = await writeVersion(folderOf(tenant), { tenant, parent }, draft, buildIndex);
      await models.register(tenant, {
        id: manifest.id,
        parent,
        eventCount: manifest.counts.events,
        trainedUntil: new Date(manifest.window.until),
        manifest,
      });
      await forgetting.review(tenant, manifest.id);
      return manifest;
    },
    deploy,
    async rollback(tenant) {
      const rows = await models.list(tenant);
      const current = rows.find((row) => row.status === 'DEPLOYED');
      const [previous] = current === undefined ? [] : servedBefore(rows, current.id);
      if (previous === undefined) throw new CurioError('NOT_FOUND', 'There is no earlier model version to go back to.');
      await deploy(tenant, previous);
      return previous;
    },
    find,
    forget: forgetting.forget,
    list: (tenant) => models.list(tenant),
    async dispose() {
      clearInterval(poll);
      const unsubscribe = await listening;
      await unsubscribe();
      await (await listeningToRewrites)();
      await serving.dispose();
    },
  };
}

/** Those that have served, and are older: newest first. */
function servedBefore(rows: readonly ModelRow[], id: string): string[] {
  const older = rows.filter((row) => row.deployedAt !== null && row.id < id);
  return older.map((row) => row.id).sort((a, b) => (a < b ? 1 : -1));
}
