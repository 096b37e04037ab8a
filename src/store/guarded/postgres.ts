import type { Guard } from '../../domain/guard.js';
import { StoreAway } from '../ports/storeAway.js';
import { isDatabaseAway } from '../postgres/away.js';
import type { PostgresStores } from '../postgres/open.js';

export interface PostgresGuards {
  /** Before reads that requests wait for. One that is given up is broken off in the database. */
  readonly reads: Guard;
  /** Before writes of feedback, which share their statements and need no door. */
  readonly write: Guard;
  /** Before writes of one thing, which may wait for each other: they must not take every connection. */
  readonly single: Guard;
  /** Before writes of many rows, which must not take every connection either. */
  readonly bulk: Guard;
}

/**
 * Reads through a breaker, writes through a door that lets a few in at once. While the database cannot be reached every call of a
 * request fails as `StoreAway`, quickly and by name. Scans, training and migrations are not in a request's way and stay as they are.
 */
export function guardPostgres(stores: PostgresStores, guards: PostgresGuards): PostgresStores {
  const named = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (cause) {
      if (isDatabaseAway(cause)) throw new StoreAway('PostgreSQL does not answer', { cause });
      throw cause;
    }
  };
  type Work<T> = (signal?: AbortSignal) => Promise<T>;
  const read = <T>(what: string, work: Work<T>, until?: AbortSignal) => named(guards.reads(work, what, until));
  const single = <T>(work: Work<T>, until?: AbortSignal) => named(guards.single(work, 'write', until));
  const bulk = <T>(work: Work<T>, until?: AbortSignal) => named(guards.bulk(work, 'bulk', until));
  const { entities, eventLog, shownLog, rules, posts, feed, apiKeys } = stores;
  return {
    ...stores,
    // Through the breaker too: where nobody asks anything else, health is what finds the database back.
    ping: () => read('ping', stores.ping),
    entities: {
      ...entities,
      users: (tenant, ids, until) => read('users', (signal) => entities.users(tenant, ids, signal), until),
      items: (tenant, ids, until) => read('items', (signal) => entities.items(tenant, ids, signal), until),
      itemStats: (tenant, ids, until) => read('itemStats', (signal) => entities.itemStats(tenant, ids, signal), until),
      lastActive: (tenant, ids, until) =>
        read('lastActive', (signal) => entities.lastActive(tenant, ids, signal), until),
      popularItems: (tenant, limit, until) =>
        read('popularItems', (signal) => entities.popularItems(tenant, limit, signal), until),
      circles: (tenant, ids, limit, until) =>
        read('circles', (signal) => entities.circles(tenant, ids, limit, signal), until),
      upsertUsers: (tenant, drafts, until) => bulk((signal) => entities.upsertUsers(tenant, drafts, signal), until),
      upsertItems: (tenant, drafts, until) => bulk((signal) => entities.upsertItems(tenant, drafts, signal), until),
      setPersonalised: (tenant, id, personalised) => single(() => entities.setPersonalised(tenant, id, personalised)),
      addFollows: (tenant, follows) => bulk(() => entities.addFollows(tenant, follows)),
      hideItem: (tenant, id) => single(() => entities.hideItem(tenant, id)),
      // What somebody has a right to is done to its end, whoever waits for it.
      eraseUser: (tenant, id) => bulk(() => entities.eraseUser(tenant, id)),
    },
    eventLog: {
      ...eventLog,
      append: (events, options) => named(guards.write(() => eventLog.append(events, options), 'append')),
      adopt: (tenant, session, userId) => named(guards.write(() => eventLog.adopt(tenant, session, userId), 'adopt')),
      history: (tenant, userId, limit, after, until) =>
        read('history', (signal) => eventLog.history(tenant, userId, limit, after, signal), until),
      personEvents: (tenant, ids, limit, until) =>
        read('personEvents', (signal) => eventLog.personEvents(tenant, ids, limit, signal), until),
      actsOf: (tenant, ids, limit, until) =>
        read('actsOf', (signal) => eventLog.actsOf(tenant, ids, limit, signal), until),
      actsOn: (tenant, ids, limit, until) =>
        read('actsOn', (signal) => eventLog.actsOn(tenant, ids, limit, signal), until),
      recentlyActive: (tenant, events, until) =>
        read('recentlyActive', (signal) => eventLog.recentlyActive(tenant, events, signal), until),
      blockersAmong: (tenant, id, others, until) =>
        read('blockersAmong', (signal) => eventLog.blockersAmong(tenant, id, others, signal), until),
    },
    shownLog: {
      ...shownLog,
      newest: (tenant, ids, since, limit, until) =>
        read('shownLog.newest', (signal) => shownLog.newest(tenant, ids, since, limit, signal), until),
    },
    rules: {
      list: (tenant, until) => read('rules.list', (signal) => rules.list(tenant, signal), until),
      upsert: (tenant, draft) => single(() => rules.upsert(tenant, draft)),
      delete: (tenant, id) => single(() => rules.delete(tenant, id)),
    },
    apiKeys: {
      ...apiKeys,
      find: (hash, until) => read('apiKeys.find', (signal) => apiKeys.find(hash, signal), until),
    },
    posts: {
      create: (tenant, draft, options, until) =>
        single((signal) => posts.create(tenant, draft, options, signal), until),
      posts: (tenant, viewerId, ids, until) =>
        read('posts.posts', (signal) => posts.posts(tenant, viewerId, ids, signal), until),
      delete: (tenant, id, until) => single((signal) => posts.delete(tenant, id, signal), until),
      like: (tenant, postId, userId, at, until) =>
        single((signal) => posts.like(tenant, postId, userId, at, signal), until),
      unlike: (tenant, postId, userId, until) =>
        single((signal) => posts.unlike(tenant, postId, userId, signal), until),
      likedBy: (tenant, userId, ids, until) =>
        read('posts.likedBy', (signal) => posts.likedBy(tenant, userId, ids, signal), until),
      comment: (tenant, comment, options, until) =>
        single((signal) => posts.comment(tenant, comment, options, signal), until),
      comments: (tenant, postId, viewerId, limit, after, until) =>
        read('posts.comments', (signal) => posts.comments(tenant, postId, viewerId, limit, after, signal), until),
    },
    feed: {
      followed: (tenant, userId, since, limit, until) =>
        read('feed.followed', (signal) => feed.followed(tenant, userId, since, limit, signal), until),
      everyone: (tenant, userId, since, limit, until) =>
        read('feed.everyone', (signal) => feed.everyone(tenant, userId, since, limit, signal), until),
      stillFollowed: (tenant, userId, ids, until) =>
        read('feed.stillFollowed', (signal) => feed.stillFollowed(tenant, userId, ids, signal), until),
      likedAuthors: (tenant, userId, limit, until) =>
        read('feed.likedAuthors', (signal) => feed.likedAuthors(tenant, userId, limit, signal), until),
    },
  };
}
