import { describe, expect, it } from 'vitest';
import type { BusinessRule } from '../../../src/domain/businessRule.js';
import { silentLog } from '../../../src/domain/log.js';
import { type ActiveRules, createRuleBooks } from '../../../src/engine/live/ruleBooks.js';
import { openMemory } from '../../../src/store/memory/open.js';
import type { PubSub } from '../../../src/store/ports/pubSub.js';
import { StoreAway } from '../../../src/store/ports/storeAway.js';
import { rule } from '../../helpers/rules.js';

/** Rules in an array, every reading of it, and nodes that share cache and messages. */
function setUp() {
  const world = { now: 1_000_000, rules: [] as BusinessRule[], reads: 0, failing: false, meanwhile: async () => {} };
  const clock = () => world.now;
  const live = openMemory({ clock });
  let ids = 0;
  const node = (over: { readonly pubSub?: PubSub; readonly cache?: typeof live.cache } = {}) =>
    createRuleBooks({
      store: {
        async list() {
          world.reads += 1;
          if (world.failing) throw new Error('the database is away');
          const answer = [...world.rules];
          await world.meanwhile();
          return answer;
        },
      },
      cache: over.cache ?? live.cache,
      pubSub: over.pubSub ?? live.pubSub,
      newId: () => `v${++ids}`,
      clock,
      log: silentLog,
    });
  return { world, live, node };
}

const deaf: PubSub = { publish: async () => {}, subscribe: async () => async () => {}, dispose: async () => {} };
const idsOf = ({ rules }: { readonly rules: readonly BusinessRule[] }) => rules.map(({ id }) => id);

describe('rule books', () => {
  it('are read once, and anew on every node after a change', async () => {
    const { world, node } = setUp();
    const [here, there] = [node(), node()];
    const before = [await here.load('t'), await there.load('t')];
    expect(await here.load('t')).toBe(before[0]);
    expect(world.reads).toBe(2);
    world.rules = [rule('a')];
    await there.touch('t');
    const after = [await here.load('t'), await there.load('t')];
    expect(after.map(idsOf)).toEqual([['a'], ['a']]);
    expect(after[0]?.version).toBe(after[1]?.version);
    expect(after[0]?.version).not.toBe(before[0]?.version);
  });

  it('find a change within half a second when its message was lost', async () => {
    const { world, node } = setUp();
    const [here, there] = [node(), node({ pubSub: deaf })];
    await there.load('t');
    world.rules = [rule('a')];
    await here.touch('t');
    expect(idsOf(await there.load('t'))).toEqual([]);
    world.now += 500;
    expect(idsOf(await there.load('t'))).toEqual(['a']);
  });

  it('find a change within ten seconds when the cache did not hear of it either', async () => {
    const { world, node } = setUp();
    const node1 = node();
    await node1.load('t');
    world.rules = [rule('a')];
    world.now += 9_999;
    expect(idsOf(await node1.load('t'))).toEqual([]);
    world.now += 10_000;
    expect(idsOf(await node1.load('t'))).toEqual(['a']);
  });

  it('look at the token without reading the rules again', async () => {
    const { world, node } = setUp();
    const here = node();
    const first = await here.load('t');
    for (let n = 0; n < 9; n++) {
      world.now += 1_000;
      expect(await here.load('t')).toBe(first);
    }
    expect(world.reads).toBe(1);
  });

  it('begin and end by the clock, without a change', async () => {
    const { world, node } = setUp();
    const [from, to] = [new Date(world.now + 100), new Date(world.now + 200)];
    world.rules = [rule('always'), rule('later', { startsAt: from, endsAt: to }), rule('soon over', { endsAt: from })];
    const here = node();
    const versions = new Set<string>();
    for (const expected of [['always', 'soon over'], ['always', 'later'], ['always']]) {
      const active = await here.load('t');
      expect(idsOf(active)).toEqual(expected);
      versions.add(active.version);
      world.now += 100;
    }
    expect(versions.size).toBe(3);
    expect(world.reads).toBe(1);
  });

  it('put first what is obeyed first', async () => {
    const { world, node } = setUp();
    world.rules = [rule('b'), rule('c', { priority: 1 }), rule('a')];
    expect(idsOf(await node().load('t'))).toEqual(['c', 'a', 'b']);
  });

  it('do not keep what was read before a change that came meanwhile', async () => {
    const { world, node } = setUp();
    const [slow, other] = [node(), node()];
    const later: Promise<ActiveRules>[] = [];
    world.meanwhile = async () => {
      world.meanwhile = async () => {};
      world.rules = [rule('a')];
      await other.touch('t');
      later.push(slow.load('t'));
    };
    expect(idsOf(await slow.load('t'))).toEqual([]);
    expect((await Promise.all(later)).map(idsOf)).toEqual([['a']]);
    expect(idsOf(await slow.load('t'))).toEqual(['a']);
  });

  it('stand while the database is away or slow, and fail only where they never were read', async () => {
    const { world, node } = setUp();
    const here = node();
    world.rules = [rule('a')];
    await here.load('t');
    world.failing = true;
    await here.touch('t');
    expect(idsOf(await here.load('t'))).toEqual(['a']);
    await expect(here.load('u')).rejects.toThrow('the database is away');
    world.failing = false;
    world.rules = [];
    world.meanwhile = () => new Promise(() => {});
    await here.touch('t');
    expect(idsOf(await here.load('t'))).toEqual(['a']);
    world.meanwhile = async () => {};
    world.now += 500;
    await here.touch('t');
    expect(idsOf(await here.load('t'))).toEqual([]);
  });

  it('are read again and again while the cache is away', async () => {
    const { world, live, node } = setUp();
    const setIfAbsent = async () => {
      throw new StoreAway('away');
    };
    const here = node({ cache: { ...live.cache, get: async () => null, setIfAbsent } });
    const first = await here.load('t');
    world.now += 500;
    expect(await here.load('t')).toBe(first);
    expect(world.reads).toBe(2);
  });
});
