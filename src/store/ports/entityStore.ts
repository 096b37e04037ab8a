import type { Circle, Follow, Item, ItemDraft, ItemStats, User, UserDraft } from '../../domain/entities.js';

export interface UpsertCounts {
  readonly created: number;
  readonly updated: number;
}

/**
 * Users, items and who follows whom. Reads keep the order and length of `ids`; null where unknown. What has a signal
 * stops when it aborts, and throws its reason; a change is then undone.
 */
export interface EntityStore {
  users(tenant: string, ids: readonly string[], signal?: AbortSignal): Promise<(User | null)[]>;
  /** Hidden items are answered too, with `hiddenAt` set. */
  items(tenant: string, ids: readonly string[], signal?: AbortSignal): Promise<(Item | null)[]>;
  /** All zero for an item nobody has touched. */
  itemStats(tenant: string, ids: readonly string[], signal?: AbortSignal): Promise<ItemStats[]>;
  /** Epoch milliseconds of each person's newest event; null for someone who never acted. */
  lastActive(tenant: string, userIds: readonly string[], signal?: AbortSignal): Promise<(number | null)[]>;
  /** Items by falling popularity, then id; without hidden ones. */
  popularItems(tenant: string, limit: number, signal?: AbortSignal): Promise<{ id: string; popularity: number }[]>;
  /** Every item, hidden ones too, in the order of their ids (by code unit), in pages. */
  scanItems(tenant: string): AsyncIterable<readonly Item[]>;
  /** Items that were written or hidden at or after a moment (epoch milliseconds), newest change first, at most so many; hidden ones too. */
  changedItems(tenant: string, since: number, most: number, signal?: AbortSignal): Promise<Item[]>;
  /** Every user in the order of their ids (by code unit), in pages. */
  scanUsers(tenant: string): AsyncIterable<readonly User[]>;
  /** Everyone who follows someone, in the order of the follower's id, then the followee's, in pages. */
  scanFollows(tenant: string): AsyncIterable<FollowPage>;
  countItems(tenant: string): Promise<number>;
  /** Later drafts of the same id win. Hidden items stay hidden; what a person decided about personalisation stays where a draft is silent. */
  upsertUsers(tenant: string, users: readonly UserDraft[], signal?: AbortSignal): Promise<UpsertCounts>;
  upsertItems(tenant: string, items: readonly ItemDraft[], signal?: AbortSignal): Promise<UpsertCounts>;
  /** Creates a user who is not there yet, by their id alone. */
  setPersonalised(tenant: string, userId: string, personalised: boolean): Promise<void>;
  /** Idempotent; answers how many were new. */
  addFollows(tenant: string, follows: readonly Follow[]): Promise<number>;
  /** For each person, in order, up to `limit` people each way, in the order of their ids. */
  circles(tenant: string, userIds: readonly string[], limit: number, signal?: AbortSignal): Promise<Circle[]>;
  removeFollow(tenant: string, followerId: string, followeeId: string): Promise<void>;
  /** The hidden item; null when unknown. Idempotent. */
  hideItem(tenant: string, id: string): Promise<Item | null>;
  /**
   * Everything of theirs goes in one transaction: the user, their events and the events about them, what they
   * follow and who follows them, the lists shown to them; items they wrote lose their author, and lists of people that
   * others were shown (`PEOPLE_SURFACE`) have an empty id in their place. Leaves an `Erasure` to be settled. False when there was
   * nothing.
   */
  eraseUser(tenant: string, id: string): Promise<boolean>;
}

/** A page of follows as columns; index i of each array is one follow. */
export interface FollowPage {
  readonly followerIds: readonly string[];
  readonly followeeIds: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: Float64Array;
}
