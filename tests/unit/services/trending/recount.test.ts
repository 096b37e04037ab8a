import { describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../../src/domain/log.js';
import { createRecount } from '../../../../src/services/trending/recount.js';
import { openMemory } from '../../../../src/store/memory/open.js';
import type { EventPage } from '../../../../src/store/ports/eventLog.js';

const START = 1_800_000_000_000;
const PAGE: EventPage = {
  userIds: ['ann'],
  itemIds: ['lens'],
  actions: ['LIKE'],
  values: Float64Array.of(Number.NaN),
  occurredAt: Float64Array.of(START),
  contexts: [null],
};

/** A log of some pages, each of which takes a while to count. */
function world({ pages = 3, takesMs = 0, isBusy = (): boolean => false } = {}) {
  let now = START;
  const clock = () => now;
  const { cache } = openMemory({ clock });
  const count = vi.fn(async () => {
    await new Promise((later) => setTimeout(later, takesMs));
  });
  const clear = vi.fn(async () => {});
  const sizes: (number | undefined)[] = [];
  const onCounted = vi.fn();
  let ids = 0;
  const recount = createRecount({
    eventLog: {
      async *scan(_tenant, _until, _from, rows) {
        sizes.push(rows);
        for (let page = 0; page < pages; page++) yield PAGE;
      },
    },
    tally: { count, clear },
    cache,
    newId: () => `id-${ids++}`,
    clock,
    log: silentLog,
    isBusy,
    onCounted,
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { recount, cache, count, clear, sizes, onCounted, pass };
}

describe('counting the log anew', () => {
  it('goes in small pages and rests between them for as long as they took', async () => {
    const { recount, count, sizes } = world({ pages: 4, takesMs: 20 });
    const started = performance.now();
    await recount.ensure('t');
    expect(count).toHaveBeenCalledTimes(4);
    expect(sizes).toEqual([1_000]);
    expect(performance.now() - started).toBeGreaterThan(4 * 20 * 2 - 10);
  });

  it('goes slower while there is much to do, and comes to its end', async () => {
    const { recount, onCounted } = world({ pages: 2, isBusy: () => true });
    const started = performance.now();
    await recount.ensure('t');
    expect(performance.now() - started).toBeGreaterThan(490);
    expect(onCounted).toHaveBeenCalledTimes(1);
  });

  it('takes a fifth of the time at most, however often counts are lost', async () => {
    const { recount, count, clear, pass } = world({ pages: 4 });
    count.mockImplementation(async () => pass(2_000));
    await recount.ensure('t');
    for (const [wait, counts] of [
      [6_000, 1],
      [20_000, 1],
      [7_000, 2],
    ] as const) {
      recount.lost('t');
      pass(wait);
      await recount.ensure('t');
      expect(clear).toHaveBeenCalledTimes(counts);
    }
  });

  it('stops where another node counts by now, and leaves it its lock', async () => {
    const { recount, cache, count, onCounted, pass } = world({ pages: 5 });
    count.mockImplementation(async () => {
      pass(20_000);
      await cache.set('trending:counting:t', 'another', 60_000);
    });
    await recount.ensure('t');
    expect(count).toHaveBeenCalledTimes(1);
    expect(onCounted).not.toHaveBeenCalled();
    expect(await cache.get('trending:counted:t')).toBeNull();
    expect(await cache.get('trending:counting:t')).toBe('another');
  });
});
