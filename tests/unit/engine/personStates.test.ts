import { describe, expect, it } from 'vitest';
import type { User } from '../../../src/domain/entities.js';
import type { ItemEvent } from '../../../src/domain/events.js';
import { silentLog } from '../../../src/domain/log.js';
import { keyOf } from '../../../src/engine/live/keys.js';
import { createPersonStates } from '../../../src/engine/live/personStates.js';
import { openMemory } from '../../../src/store/memory/open.js';
import type { Cache } from '../../../src/store/ports/cache.js';
import { StoreAway } from '../../../src/store/ports/storeAway.js';

const event = (itemId: string): ItemEvent => ({ itemId, action: 'LIKE', value: null, occurredAt: 0 });

/** People's events in a map, and every read of it. */
function setUp() {
  const { cache } = openMemory({ clock: () => 0 });
  const events = new Map<string, ItemEvent[]>();
  const people = new Map<string, User>();
  const reads: [tenant: string, ids: readonly string[]][] = [];
  let ids = 0;
  const node = (over: Partial<Cache> = {}, beforeRead: () => Promise<void> = async () => {}) =>
    createPersonStates({
      personaliseByDefault: true,
      cache: { ...cache, ...over },
      newId: () => `v${++ids}`,
      log: silentLog,
      entities: {
        async users(tenant, ids) {
          return ids.map((id) => people.get(`${tenant}/${id}`) ?? null);
        },
      },
      eventLog: {
        async personEvents(tenant, userIds) {
          reads.push([tenant, userIds]);
          const answer = userIds.map((id) => [...(events.get(`${tenant}/${id}`) ?? [])]);
          await beforeRead();
          if (tenant === 'broken') throw new Error('no luck');
          return answer;
        },
      },
    });
  const add = (key: string, itemId: string) => events.set(key, [event(itemId), ...(events.get(key) ?? [])]);
  return { node, add, people, reads };
}

describe('person states', () => {
  it('read the log once, until somebody touches the person on any node', async () => {
    const { node, add, reads } = setUp();
    const [here, there] = [node(), node()];
    const first = await here.load('t', 'ann');
    expect(await here.load('t', 'ann')).toBe(first);
    expect((await there.load('t', 'ann')).version).toBe(first.version);
    expect(reads).toHaveLength(2);
    add('t/ann', 'x');
    await there.touch('t', ['ann']);
    const second = await here.load('t', 'ann');
    expect(second.events).toEqual([event('x')]);
    expect(second.version).not.toBe(first.version);
    expect((await there.load('t', 'ann')).version).toBe(second.version);
  });

  it('do not keep what was read before an event that arrived meanwhile', async () => {
    const { node, add } = setUp();
    const other = node();
    let arrived = false;
    const slow = node({}, async () => {
      if (arrived) return;
      arrived = true;
      add('t/ann', 'x');
      await other.touch('t', ['ann']);
    });
    expect((await slow.load('t', 'ann')).events).toEqual([]);
    expect((await slow.load('t', 'ann')).events).toEqual([event('x')]);
  });

  it('know what a person says of themselves, once they were touched', async () => {
    const { node, people } = setUp();
    const states = node();
    expect((await states.load('t', 'ann')).facts).toBeNull();
    const ann = { id: 'ann', name: 'Ann', age: 30, gender: null, location: 'Kyiv', bio: null };
    people.set('t/ann', { ...ann, interests: ['horror'], personalised: true, createdAt: new Date(0) });
    expect((await states.load('t', 'ann')).facts).toBeNull();
    await states.touch('t', ['ann']);
    expect((await states.load('t', 'ann')).facts).toMatchObject({ age: 30, location: 'Kyiv', interests: ['horror'] });
  });

  it('read many people at once, each once, tenants apart, and fail only where the log failed', async () => {
    const { node, add, reads } = setUp();
    add('t/ann', 'x');
    const states = node();
    const asked = [
      states.load('t', 'ann'),
      states.load('t', 'bob'),
      states.load('t', 'ann'),
      states.load('u', 'ann'),
      states.load('broken', 'ann'),
    ];
    const answers = await Promise.allSettled(asked);
    expect(answers.map(({ status }) => status)).toEqual([...Array(4).fill('fulfilled'), 'rejected']);
    expect((await asked[0])?.events).toEqual([event('x')]);
    expect((await asked[3])?.events).toEqual([]);
    expect(reads).toEqual([
      ['t', ['ann', 'bob']],
      ['u', ['ann']],
      ['broken', ['ann']],
    ]);
  });

  it('read the log each time while the cache is away, under a version that never comes again', async () => {
    const { node, reads } = setUp();
    const states = node({
      get: async () => null,
      setIfAbsent: async () => {
        throw new StoreAway('away');
      },
    });
    const versions = new Set<string>();
    for (let n = 0; n < 3; n++) versions.add((await states.load('t', 'ann')).version);
    expect(versions.size).toBe(3);
    expect(reads).toHaveLength(3);
  });
});

describe('keys', () => {
  it('never collide, whatever the parts hold, and name nobody', () => {
    const parts = ['a', 'a:b', 'b', ':', '', '%3A', '%', 'a%3Ab'];
    const keys = parts.flatMap((one) => parts.map((two) => keyOf('person', one, two)));
    expect(new Set(keys).size).toBe(parts.length ** 2);
    expect(keyOf('person', 'acme', 'ann@example.com')).toMatch(/^person:[\w-]{22}$/);
  });
});
