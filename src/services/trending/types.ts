import type { Item } from '../../domain/entities.js';
import type { FeedbackEvent } from '../../domain/events.js';
import type { ItemFilter } from '../../domain/itemFilter.js';
import type { TrendingWindow } from './windows.js';

export type { TrendingWindow };

export interface TrendingRequest {
  readonly tenant: string;
  readonly window: TrendingWindow;
  readonly filter: ItemFilter | null;
  /** 1 to 100. */
  readonly first: number;
}

export interface Trending {
  readonly item: Item;
  readonly score: number;
  /** From 1. */
  readonly rank: number;
  /** Against what is usual: 0.5 is half as many people again, 2 three times as many. */
  readonly change: number;
}

export interface TrendingList {
  readonly items: readonly Trending[];
  /** The stores did not answer in time: the list is what is known here, or empty. */
  readonly degraded: boolean;
}

/** What a subscriber is told. The same object for everyone who is told the same. */
export interface TrendingUpdate {
  /** Names the list after this update; equal on all nodes. */
  readonly cursor: string;
  /** True when `items` is the whole list; else they are what entered or moved. */
  readonly whole: boolean;
  readonly items: readonly Trending[];
  /** Ids, as the two that follow. */
  readonly entered: readonly string[];
  readonly left: readonly string[];
  readonly moved: readonly string[];
}

export interface TrendingService {
  list(request: TrendingRequest): Promise<TrendingList>;
  /** Ids of what trends by the hour, at most a hundred, in order. */
  ids(tenant: string): Promise<readonly string[]>;
  /**
   * The whole list, then what changes in it, at most once a second. `after` is the cursor of the last update that arrived: what
   * changed since then comes instead of the whole list where it is still known.
   */
  subscribe(request: TrendingRequest, after: string | null): Promise<TrendingFeed>;
  /** Counts events that are stored, within a tenth of a second. `address` is where they came from, null where unknown. */
  note(events: readonly FeedbackEvent[], address: string | null): void;
  /** Items or rules have changed, so that lists may show something else. Call once the change is durable. */
  changed(tenant: string): Promise<void>;
  /** Counts what is not counted yet, in the background, before the first list is asked for. */
  warm(tenant: string): void;
  dispose(): Promise<void>;
}

/** Ends with `return()`. @throws CurioError TIMEOUT for a reader that is too slow. */
export type TrendingFeed = AsyncGenerator<TrendingUpdate, void, void>;
