import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CurioError } from '../../src/domain/errors.js';
import { type Log, silentLog } from '../../src/domain/log.js';
import { isPositive } from '../../src/features/worth.js';
import { RegistryError } from '../../src/registry/errors.js';
import { tenantFolder } from '../../src/registry/folderNames.js';
import { openRegistry, type Registry, type RegistryDeps } from '../../src/registry/registry.js';
import { openMemory } from '../../src/store/memory/open.js';
import type { LiveStores } from '../../src/store/ports/liveStores.js';
import { openPostgres, type PostgresStores } from '../../src/store/postgres/open.js';
import { patience } from '../helpers/patience.js';
import { plantDraft } from '../helpers/version.js';

let folder: string;
let stores: PostgresStores;
let live: LiveStores;
const open: Registry[] = [];
let tenants = 0;
/** Each test has a tenant of its own in the one database. */
const newTenant = () => `Tenant ${++tenants} / ÄÖ`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'curio-registry-'));
  const dataDir = path.join(folder, 'data');
  stores = await openPostgres({ databaseUrl: null, dataDir, poolSize: 1, isPositive, log: silentLog, clock: Date.now });
  await stores.migrate();
  live = openMemory({ clock: Date.now });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((registry) => registry.dispose()));
});
afterAll(async () => {
  await live.dispose();
  await stores.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** A node: every one has its own registry over the same folder, database and messages. */
function node(given: Partial<RegistryDeps> = {}): Registry {
  const registry = openRegistry({
    dir: path.join(folder, 'models'),
    models: stores.models,
    pubSub: live.pubSub,
    log: silentLog,
    pollMs: 3_600_000,
    ...given,
  });
  open.push(registry);
  return registry;
}

/** Channels that lose every message. */
const deaf: RegistryDeps['pubSub'] = {
  async publish() {
    throw new Error('the messages are down');
  },
  async subscribe() {
    throw new Error('the messages are down');
  },
  async dispose() {},
};

const versionOf = (registry: Registry, tenant: string) => registry.current(tenant)?.version ?? null;

describe('registry', () => {
  it('serves nothing until something is deployed', async () => {
    const tenant = newTenant();
    const registry = node();
    expect(await registry.ensureLoaded(tenant)).toBeNull();
    const { id } = await registry.publish(tenant, plantDraft());
    expect(await registry.ensureLoaded(tenant)).toBeNull();
    expect((await registry.list(tenant)).map(({ id, status }) => ({ id, status }))).toEqual([
      { id, status: 'REGISTERED' },
    ]);
    await registry.deploy(tenant, id);
    expect(versionOf(registry, tenant)).toBe(id);
    expect(registry.current(tenant)?.items.size).toBe(plantDraft().parts.items.size);
  });

  it('loads what is deployed for a tenant it is asked for, without making anyone wait', async () => {
    const tenant = newTenant();
    const first = node();
    const { id } = await first.publish(tenant, plantDraft());
    await first.deploy(tenant, id);
    const late = node();
    expect(late.current(tenant)).toBeNull();
    await vi.waitFor(() => expect(versionOf(late, tenant)).toBe(id), patience);
  });

  it('swaps on every node by message', async () => {
    const tenant = newTenant();
    const [one, two] = [node(), node()];
    const { id: old } = await one.publish(tenant, plantDraft(0));
    await one.deploy(tenant, old);
    await two.ensureLoaded(tenant);
    const held = two.current(tenant);
    const { id: fresh, parent } = await one.publish(tenant, plantDraft(1));
    expect(parent).toBe(old);
    await one.deploy(tenant, fresh);
    expect(versionOf(one, tenant)).toBe(fresh);
    await vi.waitFor(() => expect(versionOf(two, tenant)).toBe(fresh), patience);
    // A request that began with the old version finishes with it.
    expect(held?.version).toBe(old);
    expect(held?.items.indexOf(held.items.ids[0] ?? '')).toBe(0);
  });

  it('finds a deployment whose message was lost by looking', async () => {
    const tenant = newTenant();
    const one = node({ pubSub: deaf });
    const two = node({ pubSub: deaf, pollMs: 20 });
    await two.ensureLoaded(tenant);
    const { id } = await one.publish(tenant, plantDraft());
    await one.deploy(tenant, id);
    await vi.waitFor(() => expect(versionOf(two, tenant)).toBe(id), patience);
  });

  it('goes back version by version', async () => {
    const tenant = newTenant();
    const registry = node();
    await expect(registry.rollback(tenant)).rejects.toBeInstanceOf(CurioError);
    const ids: string[] = [];
    for (const minute of [0, 1, 2]) {
      const { id } = await registry.publish(tenant, plantDraft(minute));
      await registry.deploy(tenant, id);
      ids.push(id);
    }
    // Trained but never deployed: not a place to go back to.
    await registry.publish(tenant, { ...plantDraft(1), createdAt: new Date(Date.UTC(2026, 10, 20, 10, 1, 30)) });
    expect(await registry.rollback(tenant)).toBe(ids[1]);
    expect(versionOf(registry, tenant)).toBe(ids[1]);
    expect(await registry.rollback(tenant)).toBe(ids[0]);
    await expect(registry.rollback(tenant)).rejects.toThrow('no earlier model version');
    expect(versionOf(registry, tenant)).toBe(ids[0]);
  });

  it('refuses to deploy what it does not know or cannot load, and goes on serving', async () => {
    const tenant = newTenant();
    const registry = node();
    const { id: good } = await registry.publish(tenant, plantDraft(0));
    await registry.deploy(tenant, good);
    await expect(registry.deploy(tenant, 'nonsense')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { id: bad } = await registry.publish(tenant, plantDraft(1));
    await damage(tenant, bad);
    await expect(registry.deploy(tenant, bad)).rejects.toBeInstanceOf(RegistryError);
    expect(versionOf(registry, tenant)).toBe(good);
    expect((await stores.models.deployed(tenant))?.id).toBe(good);
  });

  it('keeps the previous version when another node deploys one that is damaged here, and says so once', async () => {
    const tenant = newTenant();
    const said: string[] = [];
    const log: Log = { ...silentLog, error: (fields: object | string) => void said.push(JSON.stringify(fields)) };
    const registry = node({ log, pollMs: 10 });
    const { id: good } = await registry.publish(tenant, plantDraft(0));
    await registry.deploy(tenant, good);
    const { id: bad } = await registry.publish(tenant, plantDraft(1));
    await damage(tenant, bad);
    await stores.models.deploy(tenant, bad);
    await vi.waitFor(() => expect(said).toHaveLength(1), patience);
    await registry.ensureLoaded(tenant);
    await registry.ensureLoaded(tenant);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(bad);
    expect(versionOf(registry, tenant)).toBe(good);
  });

  it('does not serve one tenant with the folder of another', async () => {
    const [mine, theirs] = [newTenant(), newTenant()];
    const registry = node();
    const { id } = await registry.publish(theirs, plantDraft());
    const row = { id, parent: null, eventCount: 1, trainedUntil: new Date(), manifest: {} };
    await stores.models.register(mine, row);
    await expect(registry.deploy(mine, id)).rejects.toThrow(/manifest\.json is missing/);
  });
});

async function damage(tenant: string, id: string): Promise<void> {
  const file = path.join(folder, 'models', tenantFolder(tenant), id, 'item-factors.f32');
  const content = await readFile(file);
  content[0] = (content[0] ?? 0) ^ 1;
  await writeFile(file, content);
}
