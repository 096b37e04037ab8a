import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../../src/domain/clock.js';
import type { Item } from '../../../../src/domain/entities.js';
import { silentLog } from '../../../../src/domain/log.js';
import { silentMeter } from '../../../../src/domain/meter.js';
import { createLiveItems, type LiveItems } from '../../../../src/engine/live/items/liveItems.js';
import type { Snapshot } from '../../../../src/registry/snapshot.js';
import { createFeed } from '../../../helpers/feed.js';
import { plantItem, plantSnapshot, START } from '../../../helpers/snapshot.js';

const TENANT = 'acme';

const opened: LiveItems[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((live) => live.dispose()));
});

/** A node, a store it reads, and a version that serves. */
function open() {
  const feed = createFeed();
  const items = new Map<string, Item>();
  const changed: Item[] = [];
  const state = {
    snapshot: plantSnapshot().snapshot as Snapshot | null,
    now: START,
    failing: false,
    since: [] as number[],
    reads: 0,
    gate: Promise.resolve(),
  };
  const live = createLiveItems({
    registry: { current: () => state.snapshot },
    entities: {
      async items(_, ids) {
        state.reads++;
        await state.gate;
        if (state.failing) throw new Error('the store is away');
        return ids.map((id) => items.get(id) ?? null);
      },
      async changedItems(_, since) {
        state.since.push(since);
        if (state.failing) throw new Error('the store is away');
        return [...changed];
      },
    },
    catalogueFeed: feed,
    clock: () => state.now,
    meter: silentMeter,
    log: silentLog,
  });
  opened.push(live);
  const write = async (item: Item) => {
    items.set(item.id, item);
    await feed.tell(TENANT, { items: [item.id], users: [] });
  };
  const knows = (id: string) => (live.current(TENANT)?.items.indexOf(id) ?? -1) >= 0;
  return { live, feed, items, changed, state, write, knows };
}

const newItem = (id: string): Item => ({ ...plantItem('horror', 90), id });

describe('live items', () => {
  it('are the version itself while nothing is new, and nothing without one', async () => {
    const { live, state } = open();
    expect(live.current(TENANT)).toBe(state.snapshot);
    await expect.poll(() => state.since).toEqual([START - MINUTE_MS]);
    await delay(20);
    expect(live.current(TENANT)).toBe(state.snapshot);
    state.snapshot = null;
    expect(live.current(TENANT)).toBeNull();
  });

  it('are found at the start, by the time they were written', async () => {
    const { changed, knows, live } = open();
    changed.push(newItem('a'), plantItem('horror', 0), { ...plantItem('horror', 1), hiddenAt: new Date(START) });
    await expect.poll(() => knows('a')).toBe(true);
    const edition = live.current(TENANT);
    expect(edition?.items.size).toBe(61);
    expect([...(edition?.items.shelf?.gone ?? [])].map((row) => edition?.items.ids[row])).toEqual(['horror-001']);
  });

  it('come with the news of them, one edition for many', async () => {
    const { live, knows, write } = open();
    live.current(TENANT);
    const editions = new Set<string>();
    for (let n = 0; n < 100; n++) {
      await write(newItem(`n${n}`));
      editions.add(live.current(TENANT)?.edition ?? '');
      await delay(2);
    }
    await expect.poll(() => knows('n99')).toBe(true);
    expect(editions.size).toBeLessThan(10);
  });

  it('are looked for when it is not known what changed, and when a read fails', async () => {
    const { feed, changed, knows, live, state, write } = open();
    live.current(TENANT);
    await expect.poll(() => state.since.length).toBe(1);
    changed.push(newItem('a'));
    await feed.tell(TENANT, 'all');
    await expect.poll(() => knows('a')).toBe(true);
    state.failing = true;
    changed.push(newItem('b'));
    await write(newItem('b'));
    await delay(30);
    expect(knows('b')).toBe(false);
    state.failing = false;
    await expect.poll(() => knows('b')).toBe(true);
  });

  it('stay newer than what a look found that began before', async () => {
    const { changed, knows, live, state, write, items } = open();
    const old = { ...newItem('a'), category: 'old' };
    for (let n = 0; n < 300; n++) changed.push(newItem(`n${n}`));
    changed.push(old);
    live.current(TENANT);
    await expect.poll(() => state.since.length).toBe(1);
    await write({ ...old, category: 'new' });
    await expect.poll(() => knows('n299') && knows('a')).toBe(true);
    const table = live.current(TENANT)?.items;
    expect(table?.category.names[table.category.codes[table.indexOf('a')] ?? -1]).toBe('new');
    expect(items.get('a')?.category).toBe('new');
  });

  it('are carried to the next version, but for those it was made with', async () => {
    const { live, knows, write, state } = open();
    live.current(TENANT);
    await write(newItem('old'));
    await expect.poll(() => knows('old')).toBe(true);
    state.now = START + 10 * MINUTE_MS;
    await write(newItem('new'));
    await expect.poll(() => knows('new')).toBe(true);
    const made = plantSnapshot({ version: 'v2' }).snapshot;
    const createdAt = new Date(START + 5 * MINUTE_MS).toISOString();
    state.snapshot = { ...made, manifest: { ...made.manifest, createdAt } };
    const next = live.current(TENANT);
    expect(next?.version).toBe('v2');
    expect(next?.items.indexOf('new')).toBe(60);
    expect(next?.items.indexOf('old')).toBe(-1);
    await expect.poll(() => state.since.at(-1)).toBe(START + 4 * MINUTE_MS);
  });

  it('end with their node', async () => {
    const { live, state, write } = open();
    live.current(TENANT);
    let release = () => {};
    state.gate = new Promise((resolve) => {
      release = resolve;
    });
    await write(newItem('a'));
    const ended = live.dispose();
    release();
    await ended;
    const { reads } = state;
    await write(newItem('b'));
    await delay(20);
    expect(state.reads).toBe(reads);
  });
});
