import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../src/domain/actions.js';
import { MINUTE_MS } from '../../src/domain/clock.js';
import { silentLog } from '../../src/domain/log.js';
import { isPositive } from '../../src/features/worth.js';
import type { RecommendRequest } from '../../src/services/recommendations/types.js';
import type { Services } from '../../src/services/services.js';
import { openMemory } from '../../src/store/memory/open.js';
import { openPostgres, type PostgresStores } from '../../src/store/postgres/open.js';
import { createDataDir } from '../helpers/embedded.js';
import { request, servicesOver } from '../helpers/services.js';
import { plantSnapshot, START } from '../helpers/snapshot.js';

const clock = () => START;

let stores: PostgresStores;
let dataDir: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ dataDir, remove } = await createDataDir());
  stores = await openPostgres({ databaseUrl: null, dataDir, poolSize: 2, isPositive, log: silentLog, clock });
});
afterAll(async () => {
  await stores.dispose();
  await remove();
});

let tenant: string;
let here: Services;
let there: Services;
/** Two nodes on the embedded database and one cache, a tenant of its own for each test. */
beforeEach(async () => {
  tenant = randomUUID();
  const planted = plantSnapshot({ tenant });
  const live = openMemory({ clock });
  const node = () =>
    servicesOver(stores, live, clock, {
      registry: { current: () => planted.snapshot, forget: async () => {} },
    });
  [here, there] = [node(), node()];
  const drafts = planted.items.map(({ hiddenAt, ...draft }) => draft);
  expect(await here.catalog.upsertItems(tenant, drafts)).toMatchObject({ created: 60, rejected: [] });
});

const act = (action: Action, itemId: string, userId = 'ann') =>
  here.feedback.send(tenant, { userId, action, target: { itemId } });
const idsFor = async (services: Services, userId: string, parts: Partial<RecommendRequest> = {}) => {
  const wanted = request(userId, { tenant, diversity: 0, ...parts });
  const list = await services.recommendations.recommend(wanted, (ids) => stores.entities.items(tenant, ids));
  return list.recommendations.map(({ item }) => item.id);
};

describe('services on the embedded database', () => {
  it('turn feedback into the next list, on every node', async () => {
    const before = await idsFor(there, 'ann');
    for (const id of ['family-003', 'family-004', 'family-005']) await act('LIKE', id);
    const after = await idsFor(there, 'ann');
    expect(after).not.toEqual(before);
    expect(after.every((id) => id.startsWith('family'))).toBe(true);
    expect(after).not.toContain('family-003');
    expect(await idsFor(here, 'ann')).toEqual(after);
    expect(await idsFor(there, 'ann', { excludeSeen: false, first: 100 })).toContain('family-003');
  });

  it('rank the same for the same history, read from the log again', async () => {
    await act('LIKE', 'horror-001');
    await act('SKIP', 'comedy-001');
    const list = await idsFor(here, 'ann');
    await here.recommendations.refresh(tenant, 'ann');
    expect(await idsFor(there, 'ann')).toEqual(list);
  });

  it('lose a hidden item at once and a person with all that was theirs', async () => {
    await act('LIKE', 'horror-001');
    const [first = ''] = await idsFor(here, 'ann', { requestId: 'r' });
    await here.catalog.hideItem(tenant, first);
    expect(await idsFor(there, 'ann', { requestId: 'r' })).not.toContain(first);
    expect(await there.catalog.eraseUser(tenant, 'ann')).toBe(true);
    expect(await idsFor(here, 'ann', { first: 100 })).toContain('horror-001');
    expect((await here.history.page(tenant, 'ann', 10, null)).edges).toEqual([]);
  });

  it('page through a history', async () => {
    for (let n = 0; n < 5; n++) {
      const occurredAt = new Date(START - Math.floor(n / 2) * MINUTE_MS);
      const target = { itemId: 'horror-000' };
      await here.feedback.send(tenant, { userId: 'ann', action: 'VIEW', target, occurredAt, eventId: `e${n}` });
    }
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const { edges, pageInfo } = await here.history.page(tenant, 'ann', 2, after);
      seen.push(...edges.map(({ node }) => node.eventId));
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(['e1', 'e0', 'e3', 'e2', 'e4']);
  });
});
