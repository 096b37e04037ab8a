import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action, SOCIAL } from '../../src/domain/actions.js';
import type { FeedbackEvent, StoredEvent } from '../../src/domain/events.js';
import type { JsonValue } from '../../src/domain/json.js';
import { isPositive } from '../../src/features/worth.js';
import type { EventPage } from '../../src/store/ports/eventLog.js';
import { AWKWARD_TEXTS, eventOf, newTenant } from '../helpers/events.js';
import { eachDatabase, type TestDatabase } from '../helpers/stores.js';

const ALL = { createMissing: 'all' } as const;
const USERS = { createMissing: 'users' } as const;
const NOTHING = { createMissing: 'nothing' } as const;

const contract = (database: TestDatabase) => {
  const log = () => database.stores().eventLog;
  const entities = () => database.stores().entities;

  async function follows(tenant: string): Promise<string[]> {
    const rows = await database.sql('SELECT follower_id, followee_id FROM follows WHERE tenant = $1', [tenant]);
    return rows.map((row) => `${row.follower_id} ${row.followee_id}`).sort();
  }

  async function pages(tenant: string, until: number, from?: number, rows?: number): Promise<EventPage[]> {
    const found: EventPage[] = [];
    for await (const page of log().scan(tenant, until, from, rows)) found.push(page);
    return found;
  }

  describe('a session', () => {
    it("has a history without being anyone, which becomes a person's", async () => {
      const tenant = newTenant();
      const by = (userId: string, eventId: string, itemId: string) =>
        eventOf({ tenant, eventId, userId, target: { itemId }, occurredAt: 1_700_000_000_000 });
      await log().append([by('ann', 'e0', 'x')], ALL);
      expect(await log().append([by('session:s1', 'e1', 'x'), by('session:s2', 'e2', 'x')], NOTHING)).toEqual([
        'stored',
        'stored',
      ]);
      expect(await entities().users(tenant, ['session:s1'])).toEqual([null]);
      expect((await log().recentlyActive(tenant, 10)).map(({ userId }) => userId)).toEqual(['ann']);
      const events = async (userId: string) =>
        (await log().history(tenant, userId, 10, null)).map(({ eventId }) => eventId).sort();
      expect(await events('session:s1')).toEqual(['e1']);
      expect(await log().adopt(tenant, 'session:s1', 'ann')).toBe(1);
      expect(await events('ann')).toEqual(['e0', 'e1']);
      expect(await events('session:s1')).toEqual([]);
      expect(await events('session:s2')).toEqual(['e2']);
      expect(await log().adopt(tenant, 'session:s1', 'ann')).toBe(0);
      expect(await log().adopt(newTenant(), 'session:s2', 'ann')).toBe(0);
      // What was stored once stays stored once, whoever it belongs to.
      expect(await log().append([by('session:s1', 'e1', 'x')], NOTHING)).toEqual(['duplicate']);
    });
  });

  describe('append', () => {
    it('keeps every member', async () => {
      const tenant = newTenant();
      const event = eventOf({
        tenant,
        eventId: 'e1',
        userId: 'u1',
        target: { itemId: 'i1' },
        action: 'RATE',
        value: 4.5,
        durationMs: 2_000_000_000,
        requestId: 'r1',
        position: 99,
        context: { device: 'phone', nested: { list: [1, null, 'x "y"'] } },
        occurredAt: 1_700_000_000_123,
      });
      expect(await log().append([event], ALL)).toEqual(['stored']);
      const { requestId, position, context, ...stored } = event;
      expect(await log().history(tenant, 'u1', 10, null)).toEqual([{ ...stored, seq: expect.any(BigInt) }]);
      const rows = await database.sql('SELECT request_id, position, context FROM interactions WHERE tenant = $1', [
        tenant,
      ]);
      expect(rows).toEqual([{ request_id: requestId, position, context }]);
    });

    it('keeps any text and any time, to the millisecond', async () => {
      const text = fc.oneof(
        fc.constantFrom(...AWKWARD_TEXTS),
        fc.string({ unit: 'binary', maxLength: 60 }).filter((value) => !value.includes('\0')),
      );
      const time = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(9999, 0) });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(text, text, time), { minLength: 1, maxLength: 30 }), async (drafts) => {
          const tenant = newTenant();
          const events = drafts.map(([userId, itemId, occurredAt], index) =>
            eventOf({ tenant, eventId: `${index} ${itemId}`, userId, target: { itemId }, occurredAt }),
          );
          expect(await log().append(events, ALL)).toEqual(events.map(() => 'stored'));
          const people = [...new Set(events.map((event) => event.userId))];
          const read = (await Promise.all(people.map((id) => log().history(tenant, id, 100, null)))).flat();
          expect(sorted(read.map(comparable))).toEqual(sorted(events.map(comparable)));
        }),
        { numRuns: 30 },
      );
    });

    it('answers nothing for nothing', async () => {
      expect(await log().append([], ALL)).toEqual([]);
    });

    it('takes a call larger than a group, and stores it in its order', async () => {
      const tenant = newTenant();
      const events = Array.from({ length: 10_500 }, (_, n) => eventOf({ tenant, eventId: `e${n}`, userId: 'u' }));
      const outcomes = await log().append(events, ALL);
      expect(new Set(outcomes)).toEqual(new Set(['stored']));
      const newest = await log().history(tenant, 'u', 3, null);
      expect(newest.map((event) => event.eventId)).toEqual(['e10499', 'e10498', 'e10497']);
    });
  });

  describe('who and what an event names', () => {
    it('must exist when nothing may be created, and a refused event leaves no trace', async () => {
      const tenant = newTenant();
      await entities().upsertUsers(tenant, [{ id: 'known', name: 'Known' }]);
      await entities().upsertItems(tenant, [{ id: 'thing', kind: 'film', title: 'Thing' }]);
      const events = [
        eventOf({ tenant, eventId: '1', userId: 'known', target: { itemId: 'thing' } }),
        eventOf({ tenant, eventId: '2', userId: 'stranger', target: { itemId: 'thing' } }),
        eventOf({ tenant, eventId: '3', userId: 'known', target: { itemId: 'nothing' } }),
        eventOf({ tenant, eventId: '4', userId: 'known', target: { userId: 'nobody' }, action: 'FOLLOW' }),
        eventOf({ tenant, eventId: '5', userId: 'known', target: { userId: 'known' } }),
      ];
      expect(await log().append(events, NOTHING)).toEqual([
        'stored',
        'unknown_user',
        'unknown_target',
        'unknown_target',
        'stored',
      ]);
      expect(await entities().users(tenant, ['stranger', 'nobody'])).toEqual([null, null]);
      expect(await entities().items(tenant, ['nothing'])).toEqual([null]);
      expect(await follows(tenant)).toEqual([]);
      // A refused id is still free.
      expect(await log().append(events, ALL)).toEqual(['duplicate', 'stored', 'stored', 'stored', 'duplicate']);
    });

    it('is created as far as allowed', async () => {
      const tenant = newTenant();
      const onItem = eventOf({ tenant, eventId: '1', userId: 'a', target: { itemId: 'x' }, occurredAt: 5_000 });
      const onPerson = eventOf({ tenant, eventId: '2', userId: 'a', target: { userId: 'b' }, occurredAt: 4_000 });
      expect(await log().append([onItem, onPerson], USERS)).toEqual(['unknown_target', 'unknown_target']);
      expect(await entities().users(tenant, ['a', 'b'])).toEqual([null, null]);

      expect(await log().append([onItem, onPerson], ALL)).toEqual(['stored', 'stored']);
      expect(await entities().users(tenant, ['a', 'b'])).toMatchObject([
        { id: 'a', name: 'a', interests: [], createdAt: new Date(4_000) },
        { id: 'b', name: 'b', interests: [], createdAt: new Date(4_000) },
      ]);
      expect(await entities().items(tenant, ['x'])).toMatchObject([
        { id: 'x', title: 'x', kind: 'item', tags: [], createdAt: new Date(5_000), hiddenAt: null },
      ]);

      const byStranger = eventOf({ tenant, eventId: '3', userId: 'c', target: { itemId: 'x' } });
      expect(await log().append([byStranger], USERS)).toEqual(['stored']);
      expect(await entities().users(tenant, ['c'])).toMatchObject([{ name: 'c' }]);
    });

    it('is judged for each call by its own rule', async () => {
      const tenant = newTenant();
      const by = (userId: string) => [eventOf({ tenant, eventId: userId, userId, target: { userId: 'star' } })];
      await entities().upsertUsers(tenant, [{ id: 'star', name: 'Star' }]);
      const calls = [log().append(by('one'), NOTHING), log().append(by('two'), USERS), log().append(by('three'), ALL)];
      expect(await Promise.all(calls)).toEqual([['unknown_user'], ['stored'], ['stored']]);
    });
  });

  describe('an event id', () => {
    it('counts once: within a call, between calls, whatever else is different', async () => {
      const tenant = newTenant();
      const first = eventOf({ tenant, eventId: 'e', action: 'LIKE' });
      expect(await log().append([first, { ...first, action: 'SAVE' }, first], ALL)).toEqual([
        'stored',
        'duplicate',
        'duplicate',
      ]);
      expect(await log().append([{ ...first, userId: 'other', occurredAt: 9 }], ALL)).toEqual(['duplicate']);
      expect(await log().history(tenant, 'u', 10, null)).toMatchObject([{ action: 'LIKE' }]);
      expect(await entities().itemStats(tenant, ['i'])).toMatchObject([{ likes: 1, saves: 0 }]);
    });

    it('of a refused event is refused again within the call', async () => {
      const tenant = newTenant();
      const event = eventOf({ tenant, eventId: 'e' });
      expect(await log().append([event, event], NOTHING)).toEqual(['unknown_user', 'unknown_user']);
    });

    it('counts once between concurrent calls and nodes, and the counts are exact', async () => {
      const tenant = newTenant();
      const nodes = [log(), ...(database.kind === 'postgresql' ? [(await database.anotherNode()).eventLog] : [])];
      const ids = Array.from({ length: 200 }, (_, n) => `e${n}`);
      // Every id is sent by four callers, each in an order of its own, with its neighbours.
      const calls = [1, 3, 7, 9].flatMap((step, caller) =>
        Array.from({ length: 40 }, (_, call) => {
          const events = Array.from({ length: 5 }, (_, n) => {
            const index = ((call * 5 + n) * step) % 200;
            return eventOf({
              tenant,
              eventId: ids[index] ?? '',
              userId: `u${index % 10}`,
              target: { itemId: `i${index % 7}` },
              action: 'LIKE',
            });
          });
          return (nodes[(caller + call) % nodes.length] ?? log()).append(events, ALL);
        }),
      );
      const outcomes = (await Promise.all(calls)).flat();
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(200);
      expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(600);
      const stored = await database.sql('SELECT event_id FROM interactions WHERE tenant = $1', [tenant]);
      expect(stored.map((row) => row.event_id).sort()).toEqual([...ids].sort());
      const stats = await entities().itemStats(
        tenant,
        Array.from({ length: 7 }, (_, n) => `i${n}`),
      );
      expect(stats.map((item) => item.likes)).toEqual([29, 29, 29, 29, 28, 28, 28]);
      expect(stats.map((item) => item.popularity)).toEqual(stats.map((item) => item.likes));
    });

    it('belongs to its tenant', async () => {
      const [a, b] = [newTenant(), newTenant()];
      const events = [a, b].map((tenant) => eventOf({ tenant, eventId: 'same', userId: `user of ${tenant}` }));
      expect(await log().append(events, ALL)).toEqual(['stored', 'stored']);
      for (const [own, other] of [
        [a, b],
        [b, a],
      ] as const) {
        expect(await log().history(own, `user of ${own}`, 10, null)).toHaveLength(1);
        expect(await log().history(own, `user of ${other}`, 10, null)).toEqual([]);
        expect(await log().count(own, 2_000)).toBe(1);
        expect((await pages(own, 2_000)).flatMap((page) => page.userIds)).toEqual([`user of ${own}`]);
        expect(await entities().users(own, [`user of ${other}`])).toEqual([null]);
        expect(await entities().itemStats(own, ['i'])).toMatchObject([{ views: 1 }]);
      }
    });
  });

  describe('what cannot be stored', () => {
    const bad: [string, Partial<FeedbackEvent>][] = [
      ['a NUL in an id', { userId: 'nul\0' }],
      ['half a surrogate pair in an id', { target: { itemId: 'half \uD83D' } }],
      ['a NUL in the context', { context: { text: 'nul\0' } }],
      ['half a surrogate pair in the context', { context: { text: '\uDE00' } }],
      ['a context deeper than the database can read', { context: { deep: nested(50_000) } }],
      ['a position beyond its type', { position: 40_000 }],
      ['an id beyond what an index holds', { userId: 'x'.repeat(20_000).replace(/x/g, () => randomLetter()) }],
    ];

    it.each(bad)('rejects its own call and no other: %s', async (_, members) => {
      const tenant = newTenant();
      const good = (n: number) => [eventOf({ tenant, eventId: `good ${n}` })];
      const calls = [
        ...Array.from({ length: 5 }, (_, n) => log().append(good(n), ALL)),
        log().append([eventOf({ tenant, eventId: 'bad', ...members })], ALL),
        ...Array.from({ length: 5 }, (_, n) => log().append(good(n + 5), ALL)),
      ];
      const settled = await Promise.allSettled(calls);
      expect(settled.map((call) => call.status)).toEqual(
        settled.map((_, index) => (index === 5 ? 'rejected' : 'fulfilled')),
      );
      expect(await log().count(tenant, 2_000)).toBe(10);
    });
  });

  it('counts what each action counts, and popularity as worth says', async () => {
    const action = fc.constantFrom(...ACTIONS.filter((name) => !SOCIAL.has(name)));
    const draft = fc.record({
      action,
      value: fc.constantFrom(null, 0, 2.5, 3, 4, 5),
      item: fc.integer({ min: 0, max: 3 }),
      id: fc.integer({ min: 0, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(draft, { maxLength: 12 }), { maxLength: 6 }), async (calls) => {
        const tenant = newTenant();
        const expected = Array.from({ length: 4 }, () => ({ views: 0, likes: 0, saves: 0, shares: 0, popularity: 0 }));
        const seen = new Set<number>();
        for (const drafts of calls) {
          const events = drafts.map(({ action, value, item, id }) =>
            eventOf({ tenant, eventId: `e${id}`, target: { itemId: `i${item}` }, action, value }),
          );
          const outcomes = await log().append(events, ALL);
          for (const [index, { action, value, item, id }] of drafts.entries()) {
            expect(outcomes[index]).toBe(seen.has(id) ? 'duplicate' : 'stored');
            const stats = expected[item];
            if (seen.has(id) || stats === undefined) continue;
            seen.add(id);
            if (action === 'VIEW') stats.views += 1;
            if (action === 'LIKE') stats.likes += 1;
            if (action === 'SAVE') stats.saves += 1;
            if (action === 'SHARE') stats.shares += 1;
            if (isPositive(action, value)) stats.popularity += 1;
          }
        }
        expect(await entities().itemStats(tenant, ['i0', 'i1', 'i2', 'i3'])).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  describe('history', () => {
    it('is newest first, the later arrival first among equal times', async () => {
      const tenant = newTenant();
      const times = [3_000, 1_000, 2_000, 2_000, 2_000];
      const events = times.map((occurredAt, n) => eventOf({ tenant, eventId: `e${n}`, occurredAt }));
      await log().append(events, ALL);
      const read = await log().history(tenant, 'u', 10, null);
      expect(read.map((event) => event.eventId)).toEqual(['e0', 'e4', 'e3', 'e2', 'e1']);
      expect(await log().history(tenant, 'u', 2, null)).toEqual(read.slice(0, 2));
      expect(await log().history(tenant, 'nobody', 2, null)).toEqual([]);
    });

    it('has pages that neither repeat nor skip while events arrive, even in the past', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 }),
          fc.infiniteStream(fc.integer({ min: 0, max: 8 })),
          fc.integer({ min: 1, max: 4 }),
          async (times, later, size) => {
            const tenant = newTenant();
            const events = times.map((time, n) => eventOf({ tenant, eventId: `e${n}`, occurredAt: time * 1_000 }));
            await log().append(events, ALL);
            const before = (await log().history(tenant, 'u', 100, null)).map((event) => event.eventId);
            const seen: StoredEvent[] = [];
            for (let arrivals = 0; ; arrivals++) {
              const page = await log().history(tenant, 'u', size, seen.at(-1) ?? null);
              if (page.length === 0) break;
              seen.push(...page);
              if (arrivals < 10) {
                const occurredAt = (later.next().value ?? 0) * 1_000;
                await log().append([eventOf({ tenant, eventId: `new ${arrivals}`, occurredAt })], ALL);
              }
            }
            const ids = seen.map((event) => event.eventId);
            expect(new Set(ids).size).toBe(ids.length);
            expect(ids.filter((id) => !id.startsWith('new'))).toEqual(before);
          },
        ),
        { numRuns: 20 },
      );
    });
  });

  it('gives each person their newest events on items, in the order asked', async () => {
    const tenant = newTenant();
    const of = (userId: string, n: number) =>
      eventOf({
        tenant,
        eventId: `${userId} ${n}`,
        userId,
        target: { itemId: `i${n}` },
        occurredAt: n * 1_000,
        value: n,
      });
    const aboutPerson = eventOf({ tenant, eventId: 'p', userId: 'a', target: { userId: 'b' }, occurredAt: 99_000 });
    await log().append([of('a', 1), of('a', 3), of('b', 5), of('a', 2), aboutPerson], ALL);
    const a = [3, 2].map((n) => ({ itemId: `i${n}`, action: 'VIEW', value: n, occurredAt: n * 1_000 }));
    const b = [{ itemId: 'i5', action: 'VIEW', value: 5, occurredAt: 5_000 }];
    expect(await log().personEvents(tenant, ['b', 'nobody', 'a', 'b'], 2)).toEqual([b, [], a, b]);
    expect(await log().personEvents(tenant, [], 2)).toEqual([]);
  });

  describe('events about people', () => {
    const act = (tenant: string, id: string, userId: string, other: string, action: Action, occurredAt = 1_000) =>
      eventOf({ tenant, eventId: id, userId, target: { userId: other }, action, occurredAt });

    it('are read by whose they are and by whom they are about, newest first', async () => {
      const tenant = newTenant();
      await log().append(
        [
          act(tenant, '1', 'a', 'b', 'LIKE', 3_000),
          act(tenant, '2', 'a', 'c', 'SKIP', 5_000),
          act(tenant, '3', 'c', 'b', 'FOLLOW', 4_000),
          act(tenant, '4', 'a', 'b', 'VIEW', 3_000),
          eventOf({ tenant, eventId: '5', userId: 'a', occurredAt: 9_000 }),
          act(newTenant(), '1', 'a', 'b', 'HIDE'),
        ],
        ALL,
      );
      const ofA = [
        { userId: 'c', action: 'SKIP', occurredAt: 5_000 },
        { userId: 'b', action: 'VIEW', occurredAt: 3_000 },
        { userId: 'b', action: 'LIKE', occurredAt: 3_000 },
      ];
      const onB = [
        { userId: 'c', action: 'FOLLOW', occurredAt: 4_000 },
        { userId: 'a', action: 'VIEW', occurredAt: 3_000 },
        { userId: 'a', action: 'LIKE', occurredAt: 3_000 },
      ];
      expect(await log().actsOf(tenant, ['a', 'nobody', 'b', 'a'], 10)).toEqual([ofA, [], [], ofA]);
      expect(await log().actsOn(tenant, ['b', 'a'], 10)).toEqual([onB, []]);
      expect(await log().actsOf(tenant, ['a'], 2)).toEqual([ofA.slice(0, 2)]);
      expect(await log().actsOn(tenant, ['b'], 1)).toEqual([onB.slice(0, 1)]);
      expect(await log().actsOf(tenant, [], 1)).toEqual([]);
    });

    it('tell who of some hid or reported a person, whatever else they did', async () => {
      const tenant = newTenant();
      await log().append(
        [
          act(tenant, '1', 'hides', 'x', 'HIDE'),
          act(tenant, '2', 'hides', 'x', 'HIDE', 2_000),
          act(tenant, '3', 'reports', 'x', 'REPORT'),
          act(tenant, '4', 'reports', 'x', 'LIKE', 2_000),
          act(tenant, '5', 'likes', 'x', 'LIKE'),
          act(tenant, '6', 'x', 'hidden', 'HIDE'),
          act(tenant, '7', 'elsewhere', 'y', 'HIDE'),
          act(newTenant(), '1', 'likes', 'x', 'HIDE'),
        ],
        ALL,
      );
      const everyone = ['hides', 'reports', 'likes', 'hidden', 'elsewhere', 'nobody'];
      expect((await log().blockersAmong(tenant, 'x', everyone)).sort()).toEqual(['hides', 'reports']);
      expect(await log().blockersAmong(tenant, 'x', ['hides', 'likes'])).toEqual(['hides']);
      expect(await log().blockersAmong(tenant, 'x', [])).toEqual([]);
    });

    it('block until the one who did it unblocks, whichever came last', async () => {
      const tenant = newTenant();
      const blockers = () => log().blockersAmong(tenant, 'x', ['a', 'b', 'c']);
      await log().append(
        [
          act(tenant, '1', 'a', 'x', 'BLOCK'),
          act(tenant, '2', 'b', 'x', 'UNBLOCK'),
          act(tenant, '3', 'b', 'x', 'HIDE'),
          act(tenant, '4', 'c', 'x', 'REPORT'),
          act(tenant, '5', 'c', 'x', 'UNBLOCK'),
        ],
        ALL,
      );
      expect((await blockers()).sort()).toEqual(['a', 'b']);
      await log().append([act(tenant, '6', 'x', 'a', 'UNBLOCK'), act(tenant, '7', 'b', 'x', 'UNBLOCK')], ALL);
      expect(await blockers()).toEqual(['a']);
      await log().append([act(tenant, '7', 'b', 'x', 'HIDE'), act(tenant, '8', 'x', 'x', 'HIDE')], ALL);
      expect(await blockers()).toEqual(['a']);
      expect(await log().blockersAmong(tenant, 'x', ['x'])).toEqual([]);
      expect(await entities().eraseUser(tenant, 'a')).toBe(true);
      expect(await blockers()).toEqual([]);
    });
  });

  it('tells who was active lately, by the newest events of any kind', async () => {
    const tenant = newTenant();
    const at = (eventId: string, userId: string, occurredAt: number) =>
      eventOf({ tenant, eventId, userId, occurredAt });
    await log().append([at('1', 'a', 1_000), at('2', 'b', 2_000), at('3', 'a', 3_000), at('4', 'c', 3_000)], ALL);
    await log().append(
      [eventOf({ tenant, eventId: '5', userId: 'd', target: { userId: 'a' }, occurredAt: 9_000 })],
      ALL,
    );
    expect(await log().recentlyActive(tenant, 10)).toEqual([
      { userId: 'd', at: 9_000 },
      { userId: 'a', at: 3_000 },
      { userId: 'c', at: 3_000 },
      { userId: 'b', at: 2_000 },
    ]);
    expect((await log().recentlyActive(tenant, 3)).map(({ userId }) => userId)).toEqual(['d', 'a', 'c']);
    expect(await log().recentlyActive('nobody', 3)).toEqual([]);
  });

  describe('scan and count', () => {
    it('give every event on an item before a moment, by time, then arrival', async () => {
      const tenant = newTenant();
      const times = [3_000, 1_000, 2_000, 2_000, 4_000];
      const contexts = [{ device: 'phone' }, { localHour: 7, camera: { faces: [1, 2] } }];
      const events = times.map((occurredAt, n) =>
        eventOf({
          tenant,
          eventId: `e${n}`,
          target: { itemId: `i${n}` },
          occurredAt,
          value: n === 2 ? null : n,
          context: contexts[n] ?? null,
        }),
      );
      const aboutPerson = eventOf({ tenant, eventId: 'p', target: { userId: 'v' }, occurredAt: 1_500 });
      await log().append([...events, aboutPerson], ALL);
      expect(await pages(tenant, 4_000)).toEqual([
        {
          userIds: ['u', 'u', 'u', 'u'],
          itemIds: ['i1', 'i2', 'i3', 'i0'],
          actions: ['VIEW', 'VIEW', 'VIEW', 'VIEW'],
          values: Float64Array.of(1, Number.NaN, 3, 0),
          occurredAt: Float64Array.of(1_000, 2_000, 2_000, 3_000),
          contexts: [{ localHour: 7, camera: { faces: [1, 2] } }, null, null, { device: 'phone' }],
        },
      ]);
      expect(await log().count(tenant, 4_000)).toBe(4);
      expect(await log().count(tenant, 4_001)).toBe(5);
      expect(await pages(tenant, 1_000)).toEqual([]);
      const from = async (at: number) => (await pages(tenant, 4_000, at)).flatMap(({ itemIds }) => itemIds);
      expect(await from(2_000)).toEqual(['i2', 'i3', 'i0']);
      expect(await from(2_001)).toEqual(['i0']);
      expect(await from(4_000)).toEqual([]);
      const small = await pages(tenant, 4_000, 0, 3);
      expect(small.map(({ itemIds }) => itemIds)).toEqual([['i1', 'i2', 'i3'], ['i0']]);
      expect(await log().count('nobody', 9e12)).toBe(0);
    });

    it('lose nothing where pages meet, also among events of one moment', async () => {
      const tenant = newTenant();
      const length = 20_300;
      const events = Array.from({ length }, (_, n) =>
        eventOf({
          tenant,
          eventId: `e${n}`,
          userId: `u${n % 50}`,
          target: { itemId: `i${n}` },
          occurredAt: n < 150 ? n : 500,
        }),
      );
      await log().append(events, ALL);
      const found = await pages(tenant, 1_000);
      expect(found.length).toBeGreaterThan(1);
      expect(found.flatMap((page) => page.itemIds)).toEqual(events.map((_, n) => `i${n}`));
      expect(found.flatMap((page) => [...page.occurredAt])).toEqual(events.map((event) => event.occurredAt));
      expect(await log().count(tenant, 1_000)).toBe(length);
    });
  });

  describe('following', () => {
    it('is what the newest arrival says, once', async () => {
      const tenant = newTenant();
      let id = 0;
      const social = (userId: string, target: string, action: 'FOLLOW' | 'UNFOLLOW' | 'VIEW') =>
        eventOf({ tenant, eventId: `e${++id}`, userId, target: { userId: target }, action, occurredAt: id * 1_000 });
      await log().append(
        [
          social('a', 'b', 'FOLLOW'),
          social('a', 'b', 'FOLLOW'),
          social('a', 'c', 'FOLLOW'),
          social('a', 'c', 'UNFOLLOW'),
          social('b', 'a', 'UNFOLLOW'),
          social('b', 'a', 'FOLLOW'),
          social('c', 'a', 'VIEW'),
        ],
        ALL,
      );
      expect(await follows(tenant)).toEqual(['a b', 'b a']);
      const unfollow = social('a', 'b', 'UNFOLLOW');
      await log().append([unfollow], ALL);
      expect(await follows(tenant)).toEqual(['b a']);
      await log().append([social('a', 'b', 'FOLLOW')], ALL);
      // An old event that is sent again changes nothing.
      expect(await log().append([unfollow], ALL)).toEqual(['duplicate']);
      expect(await follows(tenant)).toEqual(['a b', 'b a']);
    });
  });
};

eachDatabase('EventLog', contract);
eachDatabase('EventLog with a replica', contract, { replica: true });

function nested(depth: number): JsonValue {
  let value: JsonValue = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

const randomLetter = () => String.fromCharCode(97 + Math.floor(Math.random() * 26));

function comparable({
  eventId,
  userId,
  target,
  occurredAt,
}: Pick<FeedbackEvent, 'eventId' | 'userId' | 'target' | 'occurredAt'>) {
  return JSON.stringify({ eventId, userId, target, occurredAt });
}

const sorted = (texts: readonly string[]) => [...texts].sort();
