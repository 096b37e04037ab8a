import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/domain/clock.js';
import { isPositive } from '../../src/features/worth.js';
import { loadSample } from '../../src/sample/load.js';
import { openPostgres, type PostgresStores } from '../../src/store/postgres/open.js';
import { createLog } from '../../src/telemetry/log.js';

const quiet = { update() {}, done() {}, failed() {} };
let stores: PostgresStores;
let dataDir: string;
let now = Date.UTC(2026, 5, 1, 12, 34, 56);
const clock = () => now;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'curio-sample-'));
  const log = createLog({ level: 'warn', pretty: false });
  stores = await openPostgres({ databaseUrl: null, dataDir, poolSize: 2, isPositive, log, clock });
  await stores.migrate();
});
afterAll(async () => {
  await stores.dispose();
  await rm(dataDir, { recursive: true });
});

describe('the sample world in a database', () => {
  it('is complete, and loading it again hours later changes nothing', async () => {
    const options = { stores, tenant: 't', users: 120, items: 90, seed: 7, clock, progress: quiet };
    const loaded = await loadSample(options);
    expect(loaded).toMatchObject({ users: 120, items: 90 });
    expect(await stores.eventLog.count('t', now)).toBe(loaded.events);
    expect(loaded.events).toBeGreaterThan(2_000);
    const state = async () => [
      await stores.entities.users('t', ['user-1', 'user-120', 'user-121']),
      await stores.entities.items('t', ['lens-1', 'lens-90', 'lens-91']),
      await stores.entities.popularItems('t', 100),
      await stores.eventLog.history('t', 'user-1', 100, null),
    ];
    const before = await state();
    now += 5 * HOUR_MS;
    expect(await loadSample(options)).toEqual({ ...loaded, events: 0 });
    expect(await state()).toEqual(before);
  });

  it('of two seeds is two worlds', async () => {
    const options = { stores, users: 20, items: 20, clock, progress: quiet };
    await loadSample({ ...options, tenant: 'a', seed: 1 });
    await loadSample({ ...options, tenant: 'b', seed: 2 });
    const [a] = await stores.entities.users('a', ['user-1']);
    const [b] = await stores.entities.users('b', ['user-1']);
    expect(a?.name).not.toBe(b?.name);
  });
});
