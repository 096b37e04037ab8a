import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Action } from '../../src/domain/actions.js';
import { silentLog } from '../../src/domain/log.js';
import { isPositive } from '../../src/features/worth.js';
import { TRAINING_DEFAULTS, train } from '../../src/learning/train.js';
import type { Snapshot } from '../../src/registry/snapshot.js';
import { loadVersion, writeVersion } from '../../src/registry/versionFolder.js';
import type { Services } from '../../src/services/services.js';
import { openMemory } from '../../src/store/memory/open.js';
import { openPostgres, type PostgresStores } from '../../src/store/postgres/open.js';
import { createDataDir } from '../helpers/embedded.js';
import { servicesOver } from '../helpers/services.js';
import { START } from '../helpers/snapshot.js';

const TENANT = 'acme';
const PEOPLE = 24;
const ITEMS = 12;
const clock = () => START;
const idOf = (person: number) => `person-${String(person).padStart(2, '0')}`;

let stores: PostgresStores;
let dataDir: string;
let remove: () => Promise<void>;
let snapshot: Snapshot | null = null;
let services: Services;

/** People and items of two halves: everyone likes what is of their half, and follows the next of it. */
beforeAll(async () => {
  ({ dataDir, remove } = await createDataDir());
  stores = await openPostgres({ databaseUrl: null, dataDir, poolSize: 2, isPositive, log: silentLog, clock });
  services = servicesOver(stores, openMemory({ clock }), clock, {
    registry: { current: () => snapshot, forget: async () => {} },
  });
  await services.catalog.upsertItems(
    TENANT,
    Array.from({ length: ITEMS }, (_, item) => ({ id: `item-${item}`, kind: 'lens', title: `Item ${item}` })),
  );
  await services.catalog.upsertUsers(
    TENANT,
    Array.from({ length: PEOPLE }, (_, person) => ({ id: idOf(person), name: `Person ${person}` })),
  );
  const likes = Array.from({ length: PEOPLE }, (_, person) =>
    Array.from({ length: 3 }, (_, n) => ({
      userId: idOf(person),
      action: 'LIKE' as const,
      target: { itemId: `item-${(person + 2 * n) % ITEMS}` },
      occurredAt: new Date(START - (person + 1) * 1_000 - n),
    })),
  );
  expect(await services.feedback.sendBatch(TENANT, likes.flat())).toMatchObject({ accepted: 3 * PEOPLE });
  for (let person = 0; person < PEOPLE; person++) await act(person, (person + 2) % PEOPLE, 'FOLLOW');
});
afterAll(async () => {
  await stores.dispose();
  await remove();
});

const act = (person: number, other: number, action: Action) =>
  services.feedback.send(TENANT, { userId: idOf(person), action, target: { userId: idOf(other) } });

const lookup = (ids: readonly string[]) => stores.entities.users(TENANT, ids);

async function meets(person: number): Promise<string[]> {
  const request = { tenant: TENANT, userId: idOf(person), first: 20, filter: null, excludeSeen: true, sessionId: null };
  const { recommendations } = await services.people.recommend(request, lookup);
  return recommendations.map(({ user }) => user.id);
}

async function similarTo(person: number): Promise<string[]> {
  const people = await services.people.similar(TENANT, idOf(person), 20, null, lookup);
  return people.map(({ user }) => user.id);
}

/** Trains a version on what the store holds and lets it serve; answers all the text and numbers of its files. */
async function trainAndServe(): Promise<string> {
  const folder = path.join(dataDir, randomUUID());
  const { version } = await train({
    tenant: TENANT,
    eventLog: stores.eventLog,
    entities: stores.entities,
    registry: { publish: (tenant, draft) => writeVersion(folder, { tenant, parent: null }, draft) },
    seed: 1,
    clock: () => START + 1,
    threads: 1,
    log: silentLog,
    parameters: { ...TRAINING_DEFAULTS, als: { ...TRAINING_DEFAULTS.als, dimensions: 8 } },
  });
  snapshot = (await loadVersion(path.join(folder, version))).snapshot;
  const files = await readdir(path.join(folder, version));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, version, file), 'latin1')));
  return texts.join('\n');
}

describe('people, from the store to the list', () => {
  it('are learned from follows and likes, and answered by half', async () => {
    await trainAndServe();
    expect(snapshot?.people?.table.ids).toHaveLength(PEOPLE);
    const people = await meets(0);
    expect(people).not.toContain(idOf(0));
    expect(people).not.toContain(idOf(2));
    // Who follows them, then friends of friends either way.
    expect(people[0]).toBe(idOf(22));
    expect(people.slice(0, 4)).toEqual(expect.arrayContaining([idOf(4), idOf(20)]));
    expect(people.slice(0, 6).every((id) => Number(id.slice(-2)) % 2 === 0)).toBe(true);
  });

  it('are out of the very next list once acted on, of both when blocked', async () => {
    await act(0, 4, 'SKIP');
    expect(await meets(0)).not.toContain(idOf(4));
    expect(await meets(4)).toContain(idOf(0));
    await act(0, 22, 'REPORT');
    expect(await meets(0)).not.toContain(idOf(22));
    expect(await meets(22)).not.toContain(idOf(0));
  });

  it('meet again after an unblock', async () => {
    expect(await meets(1)).toContain(idOf(5));
    await act(5, 1, 'BLOCK');
    expect(await meets(1)).not.toContain(idOf(5));
    expect(await similarTo(1)).not.toContain(idOf(5));
    expect(await similarTo(5)).not.toContain(idOf(1));
    await act(1, 5, 'UNBLOCK');
    expect(await meets(1)).not.toContain(idOf(5));
    await act(5, 1, 'UNBLOCK');
    expect(await meets(1)).toContain(idOf(5));
    expect(await similarTo(5)).toContain(idOf(1));
  });

  it('vanish at once when erased, from what was shown, and from the next version', async () => {
    const gone = 6;
    expect(await meets(0)).toContain(idOf(gone));
    await services.catalog.eraseUser(TENANT, idOf(gone));
    expect(snapshot?.people?.table.indexOf(idOf(gone))).toBeGreaterThanOrEqual(0);
    for (const person of [0, 2, 4, 8]) expect(await meets(person)).not.toContain(idOf(gone));
    await stores.shownLog.flush();

    expect(await trainAndServe()).not.toContain(idOf(gone));
    expect(snapshot?.people?.table.indexOf(idOf(gone))).toBe(-1);
    expect(snapshot?.people?.table.ids).toHaveLength(PEOPLE - 1);
    expect(await meets(0)).not.toContain(idOf(gone));
    expect(await stores.entities.eraseUser(TENANT, idOf(gone))).toBe(false);
  });
});
