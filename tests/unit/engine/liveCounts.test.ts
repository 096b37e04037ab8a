import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/domain/clock.js';
import { silentLog } from '../../../src/domain/log.js';
import type { Counted } from '../../../src/engine/live/countNews.js';
import { createLiveCounts } from '../../../src/engine/live/liveCounts.js';
import { countEvent, countOf, emptyCounts } from '../../../src/features/itemCounts.js';
import { POSITIVE_WORTH } from '../../../src/features/worth.js';
import type { ItemCounts, Snapshot } from '../../../src/registry/snapshot.js';
import { openMemory } from '../../../src/store/memory/open.js';
import { plantSnapshot, START } from '../../helpers/snapshot.js';

const planted = plantSnapshot({ tenant: 't' }).snapshot;
const id = (item: number) => planted.items.ids[item] ?? '';
const WEEK = 3;
const NORMS = {
  rates: new Float32Array(60),
  priorSum: 1,
  shapes: new Float64Array(4).fill(1),
  strengths: new Float64Array(4).fill(1),
};
/** The version was trained an hour ago. */
const NOW = START + HOUR_MS;

/** A log in an array, and nodes that share it and their messages. */
function setUp() {
  let now = NOW;
  const log: Counted[] = [];
  const scans: (readonly [until: number, from: number])[] = [];
  let failing = false;
  let names = 0;
  const clock = () => now;
  const { pubSub } = openMemory({ clock });
  const node = (bus = pubSub) =>
    createLiveCounts({
      pubSub: bus,
      clock,
      newId: () => `node-${++names}`,
      log: silentLog,
      eventLog: {
        async *scan(_tenant, until, from = Number.NEGATIVE_INFINITY) {
          scans.push([until, from]);
          if (failing) throw new Error('the log is away');
          const found = log.filter(({ time }) => time >= from && time < until).sort((a, b) => a.time - b.time);
          yield {
            userIds: found.map(() => 'u'),
            itemIds: found.map(({ itemId }) => itemId),
            actions: found.map(() => 'LIKE' as const),
            values: Float64Array.from(found, () => Number.NaN),
            occurredAt: Float64Array.from(found, ({ time }) => time),
            contexts: found.map(() => null),
          };
        },
      },
    });
  return {
    node,
    log,
    scans,
    like: (item: number, time = now): Counted => ({ itemId: id(item), worth: 3, time }),
    pass: (ms: number) => {
      now += ms;
    },
    fail: (value: boolean) => {
      failing = value;
    },
    read: (counts: ItemCounts, item: number) => countOf(counts, item, 'likes', WEEK, now),
  };
}

const snapshot: Snapshot = planted;
const settled = () => sleep(5);

describe('live counts', () => {
  it('begin with those of the version and what the log has since: a restart loses nothing', async () => {
    const { node, log, like, read, scans } = setUp();
    const counts = emptyCounts(planted.items.size, POSITIVE_WORTH);
    countEvent(counts, 0, 3, NOW - DAY_MS);
    const trained: Snapshot = { ...planted, counts: { ...counts, ...NORMS } };
    const asTrained = counts.tallies.slice();
    const until = Date.parse(trained.manifest.window.until);
    log.push(like(0, until - 1), like(1, until), like(1, NOW - MINUTE_MS));
    const live = node();
    expect(read(live.of(trained), 0)).toBeCloseTo(0.5 ** (1 / 7), 5);
    await settled();
    expect(scans[0]?.[1]).toBe(until);
    expect(read(live.of(trained), 0)).toBeCloseTo(0.5 ** (1 / 7), 5);
    expect(read(live.of(trained), 1)).toBeGreaterThan(1.99);
    expect(counts.tallies).toEqual(asTrained);
  });

  it('know of an event at once here, and soon on the other nodes, once each', async () => {
    const { node, like, read } = setUp();
    const [here, there] = [node(), node()];
    for (const live of [here, there]) live.of(snapshot);
    await settled();
    here.note('t', [like(2), like(2)]);
    here.note('another tenant', [like(2)]);
    expect(read(here.of(snapshot), 2)).toBe(2);
    await vi.waitFor(() => expect(read(there.of(snapshot), 2)).toBe(2), { timeout: 1_000 });
    expect(read(here.of(snapshot), 2)).toBe(2);
    await Promise.all([here.dispose(), there.dispose()]);
  });

  it('make up for a message that was lost from the log, and count nothing twice', async () => {
    const { node, log, like, read, pass } = setUp();
    const deaf = { publish: async () => {}, subscribe: async () => async () => {}, dispose: async () => {} };
    const live = node(deaf);
    live.of(snapshot);
    await settled();
    const heard = like(3);
    const lost = like(3);
    log.push(heard, lost);
    live.note('t', [heard]);
    expect(read(live.of(snapshot), 3)).toBe(1);
    pass(6 * MINUTE_MS);
    live.of(snapshot);
    await settled();
    expect(read(live.of(snapshot), 3)).toBeCloseTo(2, 1);
    pass(6 * MINUTE_MS);
    live.of(snapshot);
    await settled();
    expect(read(live.of(snapshot), 3)).toBeCloseTo(2, 1);
  });

  it('keep an event that was told late, though the log was read beyond it', async () => {
    const { node, log, like, read, pass } = setUp();
    const live = node();
    live.of(snapshot);
    await settled();
    const late = like(4, NOW - DAY_MS);
    log.push(late);
    live.note('t', [late]);
    const expected = 0.5 ** (1 / 7);
    expect(read(live.of(snapshot), 4)).toBeCloseTo(expected, 3);
    for (const _ of [1, 2]) {
      pass(6 * MINUTE_MS);
      live.of(snapshot);
      await settled();
      expect(read(live.of(snapshot), 4)).toBeCloseTo(expected, 2);
    }
  });

  it('go by what is heard while the log is away, and by the log again when it is back', async () => {
    const { node, log, like, read, pass, fail } = setUp();
    fail(true);
    log.push(like(5, NOW - MINUTE_MS));
    const live = node();
    live.of(snapshot);
    await settled();
    live.note('t', [like(6)]);
    expect([read(live.of(snapshot), 5), read(live.of(snapshot), 6)]).toEqual([0, 1]);
    fail(false);
    pass(6 * MINUTE_MS);
    live.of(snapshot);
    await settled();
    expect(read(live.of(snapshot), 5)).toBeCloseTo(1, 2);
  });

  it('count for each version that serves by itself', async () => {
    const { node, like, read } = setUp();
    const live = node();
    const other: Snapshot = { ...planted, version: 'v2' };
    live.of(snapshot);
    live.of(other);
    await settled();
    live.note('t', [like(1)]);
    expect([read(live.of(snapshot), 1), read(live.of(other), 1)]).toEqual([1, 1]);
    expect(live.of(snapshot)).not.toBe(live.of(other));
  });
});
