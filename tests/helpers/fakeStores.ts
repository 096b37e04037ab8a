import { BLOCKING } from '../../src/domain/actions.js';
import type { Item, ItemStats, User } from '../../src/domain/entities.js';
import type { FeedbackEvent, PersonAct, StoredEvent } from '../../src/domain/events.js';
import type { ShownList } from '../../src/domain/shown.js';
import { isPositive } from '../../src/features/worth.js';
import type { EntityStore } from '../../src/store/ports/entityStore.js';
import type { AppendOutcome, EventLog } from '../../src/store/ports/eventLog.js';
import type { RuleStore } from '../../src/store/ports/ruleStore.js';
import type { ShownLog } from '../../src/store/ports/shownLog.js';
import { createFakeRules } from './rules.js';

/**
 * The durable side in plain maps, for tests that need thousands of short runs. What it must do is said by the ports;
 * the real stores are held to the same in `tests/contracts`.
 */
export interface FakeStores {
  readonly eventLog: EventLog;
  readonly entities: EntityStore;
  readonly rules: RuleStore;
  readonly shown: ShownList[];
  readonly shownLog: Pick<ShownLog, 'record' | 'newest'>;
  /** Calls of `personEvents`, each with the people asked about. */
  readonly reads: (readonly string[])[];
  /** While set, reads of the log fail. */
  failing: boolean;
}

const keyOf = (tenant: string, id: string) => JSON.stringify([tenant, id]);

export function createFakeStores(tenant: string, items: readonly Item[]): FakeStores {
  const itemsByKey = new Map(items.map((item) => [keyOf(tenant, item.id), item]));
  /** Of the items that were written since; later than any version. */
  const changedAt = new Map<string, number>();
  let writes = 1e15;
  const users = new Map<string, User>();
  const log: (StoredEvent & { readonly requestId: string | null })[] = [];
  const eventIds = new Set<string>();
  const follows = new Map<string, { tenant: string; follower: string; followee: string }>();
  const stores: FakeStores = {
    eventLog: createLog(),
    entities: createEntities(),
    rules: createFakeRules(),
    shown: [],
    shownLog: createShown(),
    reads: [],
    failing: false,
  };
  return stores;

  function follow(tenant: string, follower: string, followee: string): boolean {
    const key = JSON.stringify([tenant, follower, followee]);
    if (follows.has(key)) return false;
    follows.set(key, { tenant, follower, followee });
    return true;
  }

  /** Events about people, newest first, as one of the two sees them. */
  function actsOf(tenant: string, select: (actor: string, target: string) => string | null): PersonAct[] {
    return log
      .filter((event) => event.tenant === tenant)
      .sort(newestFirst)
      .flatMap(({ userId, target, action, occurredAt }) => {
        const other = 'userId' in target ? select(userId, target.userId) : null;
        return other === null ? [] : [{ userId: other, action, occurredAt }];
      });
  }

  function eventsOf(tenant: string, userId: string): StoredEvent[] {
    return log.filter((event) => event.tenant === tenant && event.userId === userId).sort(newestFirst);
  }

  function createShown(): FakeStores['shownLog'] {
    return {
      record: (list) => void stores.shown.push(list),
      async newest(tenant, userIds, since, limit) {
        if (stores.failing) throw new Error('the log is away');
        return userIds.map((userId) =>
          stores.shown
            .filter((list) => list.tenant === tenant && list.userId === userId && list.createdAt >= since)
            .map(({ requestId, itemIds, createdAt }) => ({ requestId, itemIds, shownAt: createdAt }))
            .sort((a, b) => b.shownAt - a.shownAt)
            .slice(0, limit),
        );
      },
    };
  }

  function createLog(): EventLog {
    const append = (event: FeedbackEvent, createUsers: boolean): AppendOutcome => {
      const { tenant, eventId, userId, target } = event;
      if (eventIds.has(keyOf(tenant, eventId))) return 'duplicate';
      const known =
        'itemId' in target ? itemsByKey.has(keyOf(tenant, target.itemId)) : users.has(keyOf(tenant, target.userId));
      if (!known) return 'unknown_target';
      if (!users.has(keyOf(tenant, userId))) {
        if (!createUsers) return 'unknown_user';
        users.set(keyOf(tenant, userId), user(userId, userId, new Date(event.occurredAt)));
      }
      eventIds.add(keyOf(tenant, eventId));
      log.push({ ...event, seq: BigInt(log.length + 1) });
      if ('userId' in target && event.action === 'FOLLOW') follow(tenant, userId, target.userId);
      if ('userId' in target && event.action === 'UNFOLLOW') {
        follows.delete(JSON.stringify([tenant, userId, target.userId]));
      }
      return 'stored';
    };
    return {
      adopt: async (tenant, session, userId) => {
        const own = log.filter((event) => event.tenant === tenant && event.userId === session);
        for (const event of own) log[log.indexOf(event)] = { ...event, userId };
        return own.length;
      },
      append: async (events, { createMissing }) => events.map((event) => append(event, createMissing !== 'nothing')),
      async history(tenant, userId, limit, after) {
        const older = (event: StoredEvent) =>
          after === null ||
          event.occurredAt < after.occurredAt ||
          (event.occurredAt === after.occurredAt && event.seq < after.seq);
        return eventsOf(tenant, userId).filter(older).slice(0, limit);
      },
      async personEvents(tenant, userIds, limit) {
        if (stores.failing) throw new Error('the log is away');
        stores.reads.push(userIds);
        return userIds.map((userId) =>
          eventsOf(tenant, userId)
            .flatMap(({ target, ...event }) => ('itemId' in target ? [{ ...event, itemId: target.itemId }] : []))
            .slice(0, limit),
        );
      },
      async actsOf(tenant, userIds, limit) {
        if (stores.failing) throw new Error('the log is away');
        return userIds.map((id) => actsOf(tenant, (actor, target) => (actor === id ? target : null)).slice(0, limit));
      },
      async actsOn(tenant, userIds, limit) {
        return userIds.map((id) => actsOf(tenant, (actor, target) => (target === id ? actor : null)).slice(0, limit));
      },
      async blockersAmong(tenant, userId, others) {
        const blocks = actsOf(tenant, (actor, target) => (target === userId ? actor : null));
        return others.filter((id) => {
          const last = blocks.find(
            ({ userId: who, action }) => who === id && (BLOCKING.has(action) || action === 'UNBLOCK'),
          );
          return last !== undefined && last.action !== 'UNBLOCK';
        });
      },
      async recentlyActive(tenant, events) {
        const newest = new Map<string, number>();
        for (const { userId, occurredAt } of log
          .filter((event) => event.tenant === tenant)
          .sort(newestFirst)
          .slice(0, events)) {
          if (!newest.has(userId)) newest.set(userId, occurredAt);
        }
        return [...newest].map(([userId, at]) => ({ userId, at }));
      },
      async *scan(tenant, until, from = Number.NEGATIVE_INFINITY) {
        const rows = log
          .filter((event) => event.tenant === tenant && event.occurredAt >= from && event.occurredAt < until)
          .flatMap(({ target, ...event }) => ('itemId' in target ? [{ ...event, itemId: target.itemId }] : []));
        rows.sort((a, b) => a.occurredAt - b.occurredAt || Number(a.seq - b.seq));
        yield {
          userIds: rows.map(({ userId }) => userId),
          itemIds: rows.map(({ itemId }) => itemId),
          actions: rows.map(({ action }) => action),
          values: Float64Array.from(rows, ({ value }) => value ?? Number.NaN),
          occurredAt: Float64Array.from(rows, ({ occurredAt }) => occurredAt),
          contexts: rows.map(() => null),
        };
      },
      count: async () => log.length,
      async dispose() {},
    };
  }

  function createEntities(): EntityStore {
    const popularity = (tenant: string, id: string) =>
      log.filter(
        ({ tenant: of, target, action, value }) =>
          of === tenant && 'itemId' in target && target.itemId === id && isPositive(action, value),
      ).length;
    const none: ItemStats = { views: 0, likes: 0, saves: 0, shares: 0, popularity: 0 };
    return {
      users: async (tenant, ids) => ids.map((id) => users.get(keyOf(tenant, id)) ?? null),
      items: async (tenant, ids) => ids.map((id) => itemsByKey.get(keyOf(tenant, id)) ?? null),
      itemStats: async (tenant, ids) => ids.map((id) => ({ ...none, popularity: popularity(tenant, id) })),
      lastActive: async (tenant, ids) => ids.map((id) => eventsOf(tenant, id)[0]?.occurredAt ?? null),
      async popularItems(of, limit) {
        return [...itemsByKey]
          .filter(([key, { id, hiddenAt }]) => key === keyOf(of, id) && hiddenAt === null)
          .map(([, { id }]) => ({ id, popularity: popularity(of, id) }))
          .sort((a, b) => b.popularity - a.popularity || (a.id < b.id ? -1 : 1))
          .slice(0, limit);
      },
      async *scanItems(of) {
        yield [...itemsByKey].filter(([key, { id }]) => key === keyOf(of, id)).map(([, one]) => one);
      },
      async changedItems(of, since, most) {
        return [...changedAt]
          .filter(([key, at]) => at >= since && itemsByKey.has(key) && key === keyOf(of, itemsByKey.get(key)?.id ?? ''))
          .sort(([, a], [, b]) => b - a)
          .slice(0, most)
          .flatMap(([key]) => itemsByKey.get(key) ?? []);
      },
      async *scanUsers(of) {
        yield [...users].filter(([key, { id }]) => key === keyOf(of, id)).map(([, one]) => one);
      },
      async *scanFollows() {},
      countItems: async () => itemsByKey.size,
      async upsertUsers(tenant, drafts) {
        let created = 0;
        for (const { id, name, createdAt, ...rest } of drafts) {
          if (!users.has(keyOf(tenant, id))) created++;
          users.set(keyOf(tenant, id), { ...user(id, name, createdAt ?? new Date(0)), ...rest });
        }
        return { created, updated: drafts.length - created };
      },
      async upsertItems(tenant, drafts) {
        let created = 0;
        for (const draft of drafts) {
          const known = itemsByKey.get(keyOf(tenant, draft.id));
          if (known === undefined) created++;
          changedAt.set(keyOf(tenant, draft.id), writes++);
          itemsByKey.set(keyOf(tenant, draft.id), {
            description: null,
            category: null,
            tags: [],
            previewUrl: null,
            authorId: null,
            attributes: null,
            createdAt: new Date(0),
            ...draft,
            hiddenAt: known?.hiddenAt ?? null,
          });
        }
        return { created, updated: drafts.length - created };
      },
      async addFollows(tenant, drafts) {
        let added = 0;
        for (const { followerId, followeeId } of drafts) added += follow(tenant, followerId, followeeId) ? 1 : 0;
        return added;
      },
      async circles(tenant, ids, limit) {
        const own = [...follows.values()].filter((one) => one.tenant === tenant);
        return ids.map((id) => ({
          followees: own
            .filter(({ follower }) => follower === id)
            .map(({ followee }) => followee)
            .sort()
            .slice(0, limit),
          followers: own
            .filter(({ followee }) => followee === id)
            .map(({ follower }) => follower)
            .sort()
            .slice(0, limit),
        }));
      },
      async setPersonalised(tenant, id, personalised) {
        const key = keyOf(tenant, id);
        users.set(key, { ...(users.get(key) ?? user(id, id, new Date())), personalised });
      },
      async removeFollow(tenant, follower, followee) {
        follows.delete(JSON.stringify([tenant, follower, followee]));
      },
      async hideItem(tenant, id) {
        const item = itemsByKey.get(keyOf(tenant, id));
        if (item === undefined) return null;
        const hidden = { ...item, hiddenAt: item.hiddenAt ?? new Date(0) };
        itemsByKey.set(keyOf(tenant, id), hidden);
        changedAt.set(keyOf(tenant, id), writes++);
        return hidden;
      },
      async eraseUser(tenant, id) {
        const before = log.length;
        const names = ({ tenant: of, userId, target }: StoredEvent) =>
          of === tenant && (userId === id || ('userId' in target && target.userId === id));
        const rest = log.filter((event) => !names(event));
        for (const [key, { tenant: of, follower, followee }] of follows) {
          if (of === tenant && (follower === id || followee === id)) follows.delete(key);
        }
        log.splice(0, log.length, ...rest);
        const others = stores.shown.filter((list) => list.tenant !== tenant || list.userId !== id);
        stores.shown.splice(0, stores.shown.length, ...others);
        return users.delete(keyOf(tenant, id)) || log.length < before;
      },
    };
  }
}

function user(id: string, name: string, createdAt: Date): User {
  return { id, name, age: null, gender: null, location: null, bio: null, interests: [], personalised: true, createdAt };
}

function newestFirst(a: StoredEvent, b: StoredEvent): number {
  return b.occurredAt - a.occurredAt || Number(b.seq - a.seq);
}
