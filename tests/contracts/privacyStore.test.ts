import { expect, it } from 'vitest';
import { DAY_MS } from '../../src/domain/clock.js';
import { eventOf, newTenant } from '../helpers/events.js';
import { shownList } from '../helpers/shown.js';
import { eachDatabase } from '../helpers/stores.js';

const AT = Date.UTC(2026, 0, 10);
let ids = 0;
const ANYONE = { createMissing: 'all' } as const;

eachDatabase('PrivacyStore', (database) => {
  const stores = () => database.stores();
  const like = (tenant: string, userId: string, itemId: string, occurredAt = AT) =>
    eventOf({ tenant, eventId: `${++ids}`, userId, target: { itemId }, action: 'LIKE', occurredAt });
  const list = (tenant: string, userId: string, requestId: string, createdAt = AT) =>
    shownList({ tenant, userId, requestId, createdAt });
  const all = async (tenant: string, userId: string) => {
    const sections: Record<string, unknown[]> = {};
    for (const { section, rows } of stores().privacy.rowsOf(tenant, userId)) {
      sections[section] = [];
      for await (const page of rows) sections[section].push(...page.map((row) => JSON.parse(row)));
    }
    return sections;
  };
  const scanned = async (tenant: string) => {
    const found: string[] = [];
    for await (const { userIds } of stores().eventLog.scan(tenant, AT + DAY_MS)) found.push(...userIds);
    return found;
  };

  it('exports every row of a person, page after page, and of nobody else', async () => {
    const tenant = newTenant();
    const events = Array.from({ length: 1_203 }, (_, n) => like(tenant, 'ann', `i-${n}`, AT + (n % 7)));
    await stores().eventLog.append([...events, like(tenant, 'bob', 'i-0')], ANYONE);
    await stores().entities.addFollows(tenant, [
      { followerId: 'ann', followeeId: 'bob', createdAt: new Date(AT) },
      { followerId: 'bob', followeeId: 'ann', createdAt: new Date(AT) },
    ]);
    stores().shownLog.record(list(tenant, 'ann', 'r-1'));
    stores().shownLog.record(list(tenant, 'bob', 'r-2'));
    await stores().shownLog.flush();
    const rows = await all(tenant, 'ann');
    expect(Object.keys(rows)).toEqual([
      'events',
      'follows',
      'followers',
      'blocks',
      'items',
      'comments',
      'likes',
      'lists',
    ]);
    const distinct = new Set(rows.events?.map((row) => JSON.stringify(row)));
    expect(rows.events).toHaveLength(1_203);
    expect(distinct.size).toBe(1_203);
    expect(rows.events?.[0]).toMatchObject({ itemId: 'i-0', action: 'LIKE', occurredAt: '2026-01-10T00:00:00.000Z' });
    expect(rows.follows).toEqual([{ userId: 'bob', since: '2026-01-10T00:00:00.000Z' }]);
    expect(rows.followers).toEqual([{ userId: 'bob', since: '2026-01-10T00:00:00.000Z' }]);
    expect(rows.lists).toMatchObject([{ requestId: 'r-1', ids: ['i'] }]);
    expect((await all(newTenant(), 'ann')).events).toEqual([]);
  });

  it('keeps a note of an erasure until it is settled, and then takes lists that came late', async () => {
    const tenant = newTenant();
    await stores().eventLog.append([like(tenant, 'ann', 'i')], ANYONE);
    expect(await stores().entities.eraseUser(tenant, 'ann')).toBe(true);
    const mine = async () => (await stores().privacy.unsettled(AT * 10, 10_000)).filter((one) => one.tenant === tenant);
    const [erasure] = await mine();
    if (erasure === undefined) throw new Error('no note');
    expect(erasure.userId).toBe('ann');
    expect(await stores().privacy.unsettled(erasure.erasedAt, 10_000)).not.toContainEqual(erasure);
    stores().shownLog.record(list(tenant, 'ann', 'late', erasure.erasedAt));
    stores().shownLog.record(list(tenant, 'ann', 'back again', erasure.erasedAt + 1));
    await stores().shownLog.flush();
    await stores().privacy.settle(erasure);
    expect(await mine()).toEqual([]);
    expect((await all(tenant, 'ann')).lists).toMatchObject([{ requestId: 'back again' }]);
  });

  it('knows who is not there', async () => {
    const tenant = newTenant();
    await stores().entities.upsertUsers(tenant, [{ id: 'ann', name: 'Ann' }]);
    await stores().entities.upsertItems(tenant, [{ id: 'i', kind: 'k', title: 'I', authorId: 'eve' }]);
    const some = ['ann', 'bob', 'eve'];
    expect(await stores().privacy.unknownAmong(tenant, { people: some, authors: some })).toEqual({
      people: new Set(['bob', 'eve']),
      authors: new Set(['ann', 'bob']),
    });
  });

  it('lets old events and lists go in batches, keeps what is younger, and counts stay', async () => {
    const tenant = newTenant();
    const old = Array.from({ length: 25 }, (_, n) => like(tenant, 'ann', 'i', Date.UTC(1990, 0, 1) + n));
    await stores().eventLog.append([...old, like(tenant, 'ann', 'i')], ANYONE);
    stores().shownLog.record(list(tenant, 'ann', 'old', Date.UTC(1990, 0, 1)));
    stores().shownLog.record(list(tenant, 'ann', 'new'));
    await stores().shownLog.flush();
    let events = 0;
    let lists = 0;
    let batches = 0;
    for (;;) {
      const gone = await stores().privacy.expire(Date.UTC(1995, 0, 1), 10);
      if (gone.events + gone.lists === 0) break;
      expect(gone.events).toBeLessThanOrEqual(10);
      if (gone.events > 0) expect(gone.people).toContainEqual({ tenant, userId: 'ann' });
      events += gone.events;
      lists += gone.lists;
      batches++;
    }
    expect({ events, lists, batches }).toEqual({ events: 25, lists: 1, batches: 3 });
    const rows = await all(tenant, 'ann');
    expect(rows.events).toHaveLength(1);
    expect(rows.lists).toMatchObject([{ requestId: 'new' }]);
    expect((await stores().entities.itemStats(tenant, ['i']))[0]).toMatchObject({ likes: 26, popularity: 26 });
    // The id of what went is free again, as after an erasure.
    expect(await stores().eventLog.append(old.slice(0, 1), ANYONE)).toEqual(['stored']);
  });

  it('leaves those who object out of what is learned from, and remembers it beside a profile that does not say', async () => {
    const tenant = newTenant();
    await stores().eventLog.append([like(tenant, 'ann', 'i'), like(tenant, 'bob', 'i')], ANYONE);
    expect(await scanned(tenant)).toEqual(['ann', 'bob']);
    await stores().entities.setPersonalised(tenant, 'ann', false);
    expect(await scanned(tenant)).toEqual(['bob']);
    await stores().entities.upsertUsers(tenant, [{ id: 'ann', name: 'Ann' }]);
    expect(await stores().entities.users(tenant, ['ann'])).toMatchObject([{ name: 'Ann', personalised: false }]);
    expect(await scanned(tenant)).toEqual(['bob']);
    await stores().entities.upsertUsers(tenant, [{ id: 'ann', name: 'Ann', personalised: true }]);
    expect(await scanned(tenant)).toEqual(['ann', 'bob']);
    await stores().entities.setPersonalised(tenant, 'newcomer', false);
    expect(await stores().entities.users(tenant, ['newcomer'])).toMatchObject([
      { name: 'newcomer', personalised: false },
    ]);
  });
});
