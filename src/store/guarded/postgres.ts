import type { Guard } from '../../domain/guard.js';
import { StoreAway } from '../ports/storeAway.js';
import { isDatabaseAway } from '../postgres/away.js';
import type { PostgresStores } from '../postgres/open.js';

export interface PostgresGuards {
  /** Before reads that requests wait for. */
  readonly reads: Guard;
  /** Before writes of feedback, which share their statements and need no door. */
  readonly write: Guard;
  /** Before writes of many rows, which must not take every connection. */
  readonly bulk: Guard;
}

/**
 * Reads through a breaker, and bulk through a door that lets a few in at once. While the database cannot be reached every call of a
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
  const read = <T>(what: string, work: () => Promise<T>) => named(guards.reads(work, what));
  const bulk = <T>(work: () => Promise<T>) => named(guards.bulk(work));
  const { entities, eventLog, shownLog, rules, posts, feed, apiKeys } = stores;
  return {
    ...stores,
    // Through the breaker too: where nobody asks anything else, health is what finds the database back.
    ping: () => read('ping', stores.ping),
    entities: {
      ...entities,
      users: (tenant, ids, signal) => read('users', () => entities.users(tenant, ids, signal)),
      items: (tenant, ids, signal) => read('items', () => entities.items(tenant, ids, signal)),
      itemStats: (tenant, ids, signal) => read('itemStats', () => entities.itemStats(tenant, ids, signal)),
      lastActive: (tenant, ids, signal) => read('lastActive', () => entities.lastActive(tenant, ids, signal)),
      popularItems: (tenant, limit) => read('popularItems', () => entities.popularItems(tenant, limit)),
      circles: (tenant, ids, limit) => read('circles', () => entities.circles(tenant, ids, limit)),
      upsertUsers: (tenant, drafts) => bulk(() => entities.upsertUsers(tenant, drafts)),
      upsertItems: (tenant, drafts) => bulk(() => entities.upsertItems(tenant, drafts)),
      setPersonalised: (tenant, id, personalised) => named(entities.setPersonalised(tenant, id, personalised)),
      addFollows: (tenant, follows) => bulk(() => entities.addFollows(tenant, follows)),
      hideItem: (tenant, id) => named(entities.hideItem(tenant, id)),
      eraseUser: (tenant, id) => bulk(() => entities.eraseUser(tenant, id)),
    },
    eventLog: {
      ...eventLog,
      append: (events, options) => named(guards.write(() => eventLog.append(events, options), 'append')),
      adopt: (tenant, session, userId) => named(guards.write(() => eventLog.adopt(tenant, session, userId), 'adopt')),
      history: (tenant, userId, limit, after, signal) =>
        read('history', () => eventLog.history(tenant, userId, limit, after, signal)),
      personEvents: (tenant, ids, limit) => read('personEvents', () => eventLog.personEvents(tenant, ids, limit)),
      actsOf: (tenant, ids, limit) => read('actsOf', () => eventLog.actsOf(tenant, ids, limit)),
      actsOn: (tenant, ids, limit) => read('actsOn', () => eventLog.actsOn(tenant, ids, limit)),
      blockersAmong: (tenant, id, others) => read('blockersAmong', () => eventLog.blockersAmong(tenant, id, others)),
    },
    shownLog: {
      ...shownLog,
      newest: (tenant, ids, since, limit) => read('shownLog.newest', () => shownLog.newest(tenant, ids, since, limit)),
    },
    rules: { ...rules, list: (tenant) => read('rules.list', () => rules.list(tenant)) },
    apiKeys: { ...apiKeys, find: (hash) => read('apiKeys.find', () => apiKeys.find(hash)) },
    posts: {
      create: (tenant, draft, options) => named(posts.create(tenant, draft, options)),
      posts: (tenant, viewerId, ids) => read('posts.posts', () => posts.posts(tenant, viewerId, ids)),
      delete: (tenant, id) => named(posts.delete(tenant, id)),
      like: (tenant, postId, userId, at) => named(posts.like(tenant, postId, userId, at)),
      unlike: (tenant, postId, userId) => named(posts.unlike(tenant, postId, userId)),
      likedBy: (tenant, userId, ids) => read('posts.likedBy', () => posts.likedBy(tenant, userId, ids)),
      comment: (tenant, comment, options) => named(posts.comment(tenant, comment, options)),
      comments: (tenant, postId, viewerId, limit, after) =>
        read('posts.comments', () => posts.comments(tenant, postId, viewerId, limit, after)),
    },
    feed: {
      followed: (tenant, userId, since, limit) =>
        read('feed.followed', () => feed.followed(tenant, userId, since, limit)),
      everyone: (tenant, userId, since, limit) =>
        read('feed.everyone', () => feed.everyone(tenant, userId, since, limit)),
      stillFollowed: (tenant, userId, ids) => read('feed.stillFollowed', () => feed.stillFollowed(tenant, userId, ids)),
      likedAuthors: (tenant, userId, limit) =>
        read('feed.likedAuthors', () => feed.likedAuthors(tenant, userId, limit)),
    },
  };
}
