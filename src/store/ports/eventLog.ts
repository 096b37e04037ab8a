import type { FeedbackEvent, ItemEvent, PersonAct, StoredEvent } from '../../domain/events.js';
import type { JsonObject } from '../../domain/json.js';

/** What became of one event. */
export type AppendOutcome = 'stored' | 'duplicate' | 'unknown_target' | 'unknown_user';

export interface AppendOptions {
  /**
   * What to create when an event names it and it does not exist yet. `users`: the acting user. `all`: items and target users too.
   * Anonymous sessions need not exist, and are never created.
   */
  readonly createMissing: 'nothing' | 'users' | 'all';
}

/** The place after which a page of history starts. */
export interface HistoryCursor {
  readonly occurredAt: number;
  readonly seq: bigint;
}

/** The append-only log: the one truth about what happened. A read stops when its signal aborts, and throws the reason. */
export interface EventLog {
  /**
   * Resolves once the events are durable. Concurrent calls share one commit. Outcomes keep the order of `events`;
   * of equal event ids within one call the first counts. Counts of `item_stats` change in the same transaction.
   */
  append(events: readonly FeedbackEvent[], options: AppendOptions): Promise<AppendOutcome[]>;
  /** Newest first. */
  history(
    tenant: string,
    userId: string,
    limit: number,
    after: HistoryCursor | null,
    signal?: AbortSignal,
  ): Promise<StoredEvent[]>;
  /** For each person, in order, their newest `limit` events on items, newest first. */
  personEvents(
    tenant: string,
    userIds: readonly string[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<(readonly ItemEvent[])[]>;
  /** For each person, in order, the newest `limit` of what they did to people, newest first. */
  actsOf(
    tenant: string,
    userIds: readonly string[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<(readonly PersonAct[])[]>;
  /** For each person, in order, the newest `limit` of what people did to them, newest first. */
  actsOn(
    tenant: string,
    userIds: readonly string[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<(readonly PersonAct[])[]>;
  /** Those of `others` who hid, reported or blocked the person and did not unblock them since, in no set order. */
  blockersAmong(tenant: string, userId: string, others: readonly string[], signal?: AbortSignal): Promise<string[]>;
  /** Whoever is behind the newest `events` events, newest first, with the moment (epoch ms) of their newest one; no sessions. */
  recentlyActive(
    tenant: string,
    events: number,
    signal?: AbortSignal,
  ): Promise<{ readonly userId: string; readonly at: number }[]>;
  /**
   * Every event on an item from `from` (by default all) up to `until` (exclusive, epoch ms), by time, then arrival, in pages of
   * `rows` (by default many); without those of people who do not want to be learned from.
   */
  scan(tenant: string, until: number, from?: number, rows?: number): AsyncIterable<EventPage>;
  /** How many events on items happened before `until` (exclusive, epoch ms). */
  count(tenant: string, until: number): Promise<number>;
  /**
   * Everything in the log that an anonymous session did, and the lists it was shown, becomes the person's; how many events
   * that were. Once more changes nothing.
   */
  adopt(tenant: string, session: string, userId: string): Promise<number>;
  /** Waits for what was given to `append`, then refuses more. */
  dispose(): Promise<void>;
}

/** A page of the log as columns; index i of each array is one event. */
export interface EventPage {
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  readonly actions: readonly ItemEvent['action'][];
  /** NaN where the event has no value. */
  readonly values: Float64Array;
  /** Epoch milliseconds. */
  readonly occurredAt: Float64Array;
  /** What the caller said of the moment; null where nothing. */
  readonly contexts: readonly (JsonObject | null)[];
}
