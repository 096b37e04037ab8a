import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../../src/domain/log.js';
import { createFeeds, type Feeds } from '../../../../src/services/trending/feeds.js';
import { MOST_WAITING } from '../../../../src/services/trending/mailbox.js';
import type { Trending, TrendingRequest } from '../../../../src/services/trending/types.js';
import { createMemoryCache } from '../../../../src/store/memory/cache.js';
import type { Cache } from '../../../../src/store/ports/cache.js';
import { lens } from '../../../helpers/lenses.js';

const REQUEST: TrendingRequest = { tenant: 't', window: 'HOUR', filter: null, first: 3 };

let ids: string[];
let made: number;
let failing: boolean;
let cache: Cache;
let feeds: Feeds;
const open: Feeds[] = [];

const lists = {
  async of(): Promise<Trending[]> {
    made += 1;
    if (failing) throw new Error('away');
    return ids.map((id, at) => ({ item: lens(id), score: 1, change: 1, rank: at + 1 }));
  },
};
const node = () => {
  const made = createFeeds({ lists, cache, log: silentLog });
  open.push(made);
  return made;
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  ids = ['a', 'b', 'c', 'd'];
  made = 0;
  failing = false;
  cache = createMemoryCache({ clock: Date.now });
  feeds = node();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.dispose()));
  vi.useRealTimers();
});

const told = async (reader: AsyncIterator<unknown>) => (await reader.next()).value;
/** The list becomes this, and the node hears that something has changed. */
const become = async (...next: string[]) => {
  ids = next;
  feeds.hint('t');
  await vi.advanceTimersByTimeAsync(1_000);
};

describe('a feed', () => {
  it('begins with the whole list, then tells who entered, left and moved', async () => {
    const reader = await feeds.subscribe(REQUEST, null);
    expect(await told(reader)).toMatchObject({
      whole: true,
      items: [{ rank: 1, item: { id: 'a' } }, { item: { id: 'b' } }, { rank: 3, item: { id: 'c' } }],
      entered: [],
      left: [],
      moved: [],
    });
    await become('b', 'a', 'x');
    expect(await told(reader)).toMatchObject({
      whole: false,
      items: [
        { rank: 1, item: { id: 'b' } },
        { rank: 2, item: { id: 'a' } },
        { rank: 3, item: { id: 'x' } },
      ],
      entered: ['x'],
      left: ['c'],
      moved: ['b', 'a'],
    });
    await become('b', 'a');
    expect(await told(reader)).toMatchObject({ items: [], entered: [], left: ['x'], moved: [] });
  });

  it('is made once for all who ask the same, who get the same objects', async () => {
    const readers = await Promise.all(Array.from({ length: 50 }, () => feeds.subscribe(REQUEST, null)));
    expect(made).toBe(1);
    const first = await Promise.all(readers.map(told));
    expect(new Set(first).size).toBe(1);
    await become('b');
    expect(made).toBe(2);
    expect(new Set(await Promise.all(readers.map(told))).size).toBe(1);
  });

  it('tells at most once a second, and the last state of it', async () => {
    const reader = await feeds.subscribe(REQUEST, null);
    await told(reader);
    for (let n = 0; n < 100; n++) {
      ids = [`x${n}`];
      feeds.hint('t');
      await vi.advanceTimersByTimeAsync(30);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    await reader.return();
    expect(made).toBeLessThanOrEqual(6);
    const again = await feeds.subscribe(REQUEST, null);
    expect(await told(again)).toMatchObject({ items: [{ item: { id: 'x99' } }] });
  });

  it('says nothing where nothing changed, and looks by itself because counts fade', async () => {
    const reader = await feeds.subscribe(REQUEST, null);
    await told(reader);
    await become('a', 'b', 'c', 'e');
    ids = ['b'];
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await told(reader)).toMatchObject({ left: ['a', 'c'] });
  });

  it('goes on after a cursor, on another node too, and with the whole list where the cursor is unknown', async () => {
    const first = await feeds.subscribe(REQUEST, null);
    const { value } = await first.next();
    await become('a', 'x', 'c');
    const other = node();
    const cursor = value?.cursor ?? '';
    const expected = { whole: false, entered: ['x'], left: ['b'], moved: [] };
    expect(await told(await feeds.subscribe(REQUEST, cursor))).toMatchObject(expected);
    const there = await other.subscribe(REQUEST, cursor);
    expect(await told(there)).toMatchObject(expected);
    expect(await told(await other.subscribe(REQUEST, 'unknown'))).toMatchObject({ whole: true });
    // A cursor means something in its own tenant only.
    expect(await told(await other.subscribe({ ...REQUEST, tenant: 'u' }, cursor))).toMatchObject({ whole: true });

    const now = await first.next();
    const current = await other.subscribe(REQUEST, now.value?.cursor ?? '');
    ids = ['y'];
    other.hint('t');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await told(current)).toMatchObject({ whole: false, entered: ['y'] });
  });

  it('drops a reader that does not read, and nobody else', async () => {
    const slow = await feeds.subscribe(REQUEST, null);
    const good = await feeds.subscribe(REQUEST, null);
    for (let n = 0; n <= MOST_WAITING; n++) {
      await told(good);
      await become(`x${n}`);
    }
    expect(await told(good)).toMatchObject({ entered: [`x${MOST_WAITING}`] });
    await expect(slow.next()).rejects.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('Too slow') });
    expect(await slow.next()).toEqual({ done: true, value: undefined });
  });

  it('makes nothing more when the last reader has left', async () => {
    const reader = await feeds.subscribe(REQUEST, null);
    await reader.return();
    await become('z');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(made).toBe(1);
  });

  it('waits while the list cannot be read, then begins with the whole of it', async () => {
    failing = true;
    const reader = await feeds.subscribe(REQUEST, null);
    const first = told(reader);
    failing = false;
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await first).toMatchObject({ whole: true, items: [{ rank: 1 }, {}, {}] });
  });
});
