import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../src/domain/clock.js';
import { silentLog } from '../../../src/domain/log.js';
import type { ShownList } from '../../../src/domain/shown.js';
import { createImpressionStates, type ImpressionStates } from '../../../src/engine/live/impressionStates.js';
import { openMemory } from '../../../src/store/memory/open.js';
import type { PubSub } from '../../../src/store/ports/pubSub.js';
import { shownList } from '../../helpers/shown.js';

const open: ImpressionStates[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((states) => states.dispose()));
});

/** A log of lists in an array, every reading of it, and nodes that hear each other. */
function setUp() {
  const world = {
    now: 1_000_000_000,
    log: [] as ShownList[],
    reads: [] as (readonly string[])[],
    before: async () => {},
  };
  const clock = () => world.now;
  const live = openMemory({ clock });
  let ids = 0;
  const node = (pubSub: PubSub = live.pubSub) => {
    const states = createImpressionStates({
      shownLog: {
        async newest(tenant, userIds, since, limit) {
          world.reads.push(userIds);
          const found = userIds.map((userId) =>
            world.log
              .filter((one) => one.tenant === tenant && one.userId === userId && one.createdAt >= since)
              .map(({ requestId, itemIds, createdAt }) => ({ requestId, itemIds, shownAt: createdAt }))
              .sort((a, b) => b.shownAt - a.shownAt)
              .slice(0, limit),
          );
          await world.before();
          return found;
        },
      },
      pubSub,
      newId: () => `node-${++ids}`,
      clock,
      log: silentLog,
    });
    open.push(states);
    return states;
  };
  const list = (...itemIds: readonly string[]) => shownList({ userId: 'ann', itemIds, createdAt: world.now });
  return { world, node, list };
}

const countsOf = async (states: ImpressionStates, userId = 'ann', tenant = 't') =>
  Object.fromEntries((await states.load(tenant, userId)).counts);
const deaf: PubSub = { publish: async () => {}, subscribe: async () => async () => {}, dispose: async () => {} };

describe('impressions of a person', () => {
  it('are read from the log once, and grow with what is shown', async () => {
    const { world, node, list } = setUp();
    world.log.push(list('a', 'b'), list('a'));
    const here = node();
    expect(await countsOf(here)).toEqual({ a: 2, b: 1 });
    for (let n = 0; n < 5; n++) here.note(list('a', 'c'));
    expect(await countsOf(here)).toEqual({ a: 7, b: 1, c: 5 });
    expect(world.reads).toEqual([['ann']]);
    expect(await countsOf(here, 'bob')).toEqual({});
    expect(await countsOf(here, 'ann', 'u')).toEqual({});
  });

  it('are known to every node, and to one that starts later', async () => {
    const { world, node, list } = setUp();
    const [here, there] = [node(), node()];
    await countsOf(there);
    const shown = list('a');
    here.note(shown);
    await expect.poll(() => countsOf(there)).toEqual({ a: 1 });
    world.log.push(shown);
    expect(await countsOf(node())).toEqual({ a: 1 });
  });

  it('count a list once that is heard of before it arrives in the log', async () => {
    const { world, node, list } = setUp();
    const [here, there] = [node(), node()];
    const shown = [list('a'), list('a')];
    for (const one of shown) here.note(one);
    // Not known there when the message comes, nor in the log when it is read.
    await expect.poll(() => countsOf(there, 'ann')).toEqual({ a: 2 });
    world.log.push(...shown);
    world.now += 11 * MINUTE_MS;
    expect(await countsOf(there)).toEqual({ a: 2 });
  });

  it('hold what is shown while the log is being read', async () => {
    const { world, node, list } = setUp();
    const here = node();
    world.before = async () => {
      world.before = async () => {};
      here.note(list('a'));
    };
    expect(await countsOf(here)).toEqual({ a: 1 });
  });

  it('make up for lost messages within minutes', async () => {
    const { world, node, list } = setUp();
    const [here, there] = [node(), node(deaf)];
    await countsOf(there);
    const shown = list('a');
    here.note(shown);
    world.log.push(shown);
    expect(await countsOf(there)).toEqual({});
    world.now += 10 * MINUTE_MS;
    expect(await countsOf(there)).toEqual({ a: 1 });
  });

  it('end after a week, and after fifty lists', async () => {
    const { world, node, list } = setUp();
    const here = node();
    await countsOf(here);
    here.note(list('old'));
    world.now += 7 * DAY_MS + 1;
    for (let n = 0; n < 60; n++) here.note(list('a'));
    expect(await countsOf(here)).toEqual({ a: 50 });
  });

  it('are nothing while the log is slow or away, and come when it answers', async () => {
    const { world, node, list } = setUp();
    world.log.push(list('a'));
    const here = node();
    let answer = () => {};
    const slow = new Promise<void>((resolve) => {
      answer = resolve;
    });
    world.before = () => slow;
    expect(await countsOf(here)).toEqual({});
    answer();
    world.before = async () => {
      throw new Error('away');
    };
    expect(await countsOf(here)).toEqual({ a: 1 });
    expect(await countsOf(here, 'bob')).toEqual({});
  });

  it('are forgotten on every node with the person', async () => {
    const { world, node, list } = setUp();
    const [here, there] = [node(), node()];
    await countsOf(there);
    here.note(list('a'));
    await here.forget('t', 'ann');
    here.note({ ...list('b'), userId: 'bob' });
    await expect.poll(() => countsOf(there, 'bob')).toEqual({ b: 1 });
    expect(await countsOf(there)).toEqual({});
    expect(await countsOf(here)).toEqual({});
    expect(world.log).toEqual([]);
  });

  it('are told to the others before a node ends', async () => {
    const { node, list } = setUp();
    const [here, there] = [node(), node()];
    await countsOf(there);
    here.note(list('a'));
    await here.dispose();
    expect(await countsOf(there)).toEqual({ a: 1 });
  });
});
