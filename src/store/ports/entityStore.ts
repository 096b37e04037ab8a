import type { Circle, Follow, Item, ItemDraft, ItemStats, User, UserDraft } from '../../domain/entities.js';

export interface UpsertCounts {
  readonly created: number;
  readonly updated: number;
}

/** Users, items and who follows whom. Reads keep the order and length of `ids`; null where unknown. */
export interface EntityStore {
  users(tenant: string, ids: readonly string[]): Promise<(User | null)[]>;
  /** Hidden items are answered too, with `hiddenAt` set. */
  items(tenant: string, ids: readonly string[]): Promise<(Item | null)[]>;
  /** All zero for an item nobody has touched. */
  itemStats(tenant: string, ids: readonly string[]): Promise<ItemStats[]>;
  /** Epoch milliseconds of each person's newest event; null for someone who never acted. */
  lastActive(tenant: string, userIds: readonly string[]): Promise<(number | null)[]>;
  /** Items by falling popularity, then id; without hidden ones. */
  popularItems(tenant: string, limit: number): Promise<{ id: string; popularity: number }[]>;
  /** Every item, hidden ones too, in the order of their ids (by code unit), in pages. */
  scanItems(tenant: string): AsyncIterable<readonly Item[]>;
  /**
   * Items that were written or hidden after `after`, hidden ones too, in the order of the change, then of the id. A
   * change that is not committed yet may turn up later, before ones that were answered: ask again from a little earlier.
   */
  itemsChangedSince(tenant: string, after: ChangeCursor, limit: number): Promise<ChangedItem[]>;
  /** Every user in the order of their ids (by code unit), in pages. */
  scanUsers(tenant: string): AsyncIterable<readonly User[]>;
  /** Everyone who follows someone, in the order of the follower's id, then the followee's, in pages. */
  scanFollows(tenant: string): AsyncIterable<FollowPage>;
  countItems(tenant: string): Promise<number>;
  /** Later drafts of the same id win. Hidden items stay hidden. */
  upsertUsers(tenant: string, users: readonly UserDraft[]): Promise<UpsertCounts>;
  upsertItems(tenant: string, items: readonly ItemDraft[]): Promise<UpsertCounts>;
  /** Idempotent; answers how many were new. */
  addFollows(tenant: string, follows: readonly Follow[]): Promise<number>;
  /** For each person, in order, up to `limit` people each way, in the order of their ids. */
  circles(tenant: string, userIds: readonly string[], limit: number): Promise<Circle[]>;
  removeFollow(tenant: string, followerId: string, followeeId: string): Promise<void>;
  /** The hidden item; null when unknown. Idempotent. */
  hideItem(tenant: string, id: string): Promise<Item | null>;
  /**
   * Everything of theirs goes in one transaction: the user, their events and the events about them, what they
   * follow and who follows them, the lists shown to them; items they wrote lose their author, and lists of people that
   * others were shown (`PEOPLE_SURFACE`) have an empty id in their place. False when there was nothing.
   */
  eraseUser(tenant: string, id: string): Promise<boolean>;
}

/** The change after which a page starts; an empty id starts with the moment itself. */
export interface ChangeCursor {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly id: string;
}

export interface ChangedItem {
  readonly item: Item;
  /** When it changed, epoch milliseconds. */
  readonly at: number;
}

/** A page of follows as columns; index i of each array is one follow. */
export interface FollowPage {
  readonly followerIds: readonly string[];
  readonly followeeIds: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: Float64Array;
}
