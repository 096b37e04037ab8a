import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item } from '../../../src/domain/entities.js';
import { silentLog } from '../../../src/domain/log.js';
import { createCachedEntities } from '../../../src/store/cached/entityStore.js';
import type { EntityStore } from '../../../src/store/ports/entityStore.js';
import type { LiveStores } from '../../../src/store/ports/liveStores.js';
import { StoreAway } from '../../../src/store/ports/storeAway.js';
import { createFakeStores } from '../../helpers/fakeStores.js';
import { liveAdapters } from '../../helpers/liveAdapters.js';
import { plantItem } from '../../helpers/snapshot.js';

const TENANT = 'acme: 1';

describe.each(liveAdapters())('entities kept in the process ($name)', (adapter) => {
  afterEach(() => adapter.disposeAll());

  /** Reads that reached the store, by the ids that were asked for. */
  let reads: string[][];
  let base: EntityStore;
  let now: number;
  let hold: EntityStore['items'] | null = null;
  beforeEach(({ skip }) => {
    skip(adapter.lack !== null, adapter.lack ?? undefined);
    hold = null;
    reads = [];
    now = 1_000_000;
    const store = createFakeStores(TENANT, [plantItem('horror', 0), plantItem('horror', 1)]).entities;
    base = {
      ...store,
      items(tenant, ids) {
        reads.push([...ids]);
        return hold === null ? store.items(tenant, ids) : hold(tenant, ids);
      },
    };
  });

  const node = async (shared?: LiveStores) => {
    const live = shared ?? (await adapter.open());
    const deps = { cache: live.cache, pubSub: live.pubSub, newId: randomUUID, clock: () => now, log: silentLog };
    const store = createCachedEntities(base, deps);
    // Nothing is kept before it is certain that no change was missed.
    await expect
      .poll(async () => {
        reads = [];
        await store.items(TENANT, ['horror-000']);
        return reads.length;
      })
      .toBe(0);
    return { store, live };
  };
  const titleOf = async (store: EntityStore, id = 'horror-000') => (await store.items(TENANT, [id]))[0]?.title;
  const renamed = (title: string): Item => ({ ...plantItem('horror', 0), title });

  it('reads each once, and what does not exist each time', async () => {
    const { store } = await node();
    const ids = ['horror-000', 'nobody', 'horror-001', 'horror-000'];
    const first = await store.items(TENANT, ids);
    expect(first.map((item) => item?.id)).toEqual(['horror-000', undefined, 'horror-001', 'horror-000']);
    expect(await store.items(TENANT, ids)).toEqual(first);
    expect(reads).toEqual([['nobody', 'horror-001'], ['nobody']]);
  });

  it('forgets what another node changed', async () => {
    const { store, live } = await node();
    // Memory is of one process.
    const other = (await node(adapter.name === 'memory' ? live : undefined)).store;
    expect(await titleOf(store)).toBe('horror no. 0');
    await other.upsertItems(TENANT, [renamed('new')]);
    expect(await titleOf(other)).toBe('new');
    await expect.poll(() => titleOf(store)).toBe('new');
    await other.hideItem(TENANT, 'horror-001');
    await expect.poll(async () => (await store.items(TENANT, ['horror-001']))[0]?.hiddenAt).not.toBeNull();
  });

  it('finds out that it missed a message', async () => {
    const { store, live } = await node();
    await base.upsertItems(TENANT, [renamed('unheard')]);
    await live.cache.set(`catalogue:${TENANT}`, 'a token nobody told of', 60_000);
    expect(await titleOf(store)).toBe('horror no. 0');
    now += 1_000;
    await expect.poll(() => titleOf(store)).toBe('unheard');
  });

  it('keeps nothing that was read while a change came', async () => {
    const { store } = await node();
    const quick = createFakeStores(TENANT, [plantItem('horror', 1)]).entities.items;
    const waiting: (() => void)[] = [];
    // The store holds the answer back after it has read.
    hold = async (tenant, ids) => {
      const found = await quick(tenant, ids);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return found;
    };
    const before = store.items(TENANT, ['horror-001']);
    await expect.poll(() => waiting.length).toBe(1);
    hold = null;
    await store.upsertItems(TENANT, [{ ...plantItem('horror', 1), title: 'new' }]);
    for (const answer of waiting) answer();
    expect((await before)[0]?.title).toBe('horror no. 1');
    expect(await titleOf(store, 'horror-001')).toBe('new');
  });

  it('keeps nothing while the shared cache is away', async () => {
    const live = await adapter.open();
    const away = async () => {
      throw new StoreAway('gone');
    };
    const cache = { ...live.cache, setIfAbsent: away, get: async () => null };
    const store = createCachedEntities(base, {
      cache,
      pubSub: live.pubSub,
      newId: randomUUID,
      clock: () => now,
      log: silentLog,
    });
    for (let n = 0; n < 3; n++) {
      expect(await titleOf(store)).toBe('horror no. 0');
      now += 1_000;
    }
    await base.upsertItems(TENANT, [renamed('new')]);
    expect(await titleOf(store)).toBe('new');
  });
});
