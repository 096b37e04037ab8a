import type { JsonObject } from './json.js';

/** How far down the ladder of poorer answers a list had to step. */
export type Degradation = 'NONE' | 'HEURISTIC_RANKER' | 'POPULAR' | 'EMPTY';

/** The surface of lists of people; their `itemIds` are ids of users. No list of items is shown on it. */
export const PEOPLE_SURFACE = 'people';

/** What of a shown list counts as an impression. */
export interface Glimpse {
  readonly requestId: string;
  readonly itemIds: readonly string[];
  /** Epoch milliseconds. */
  readonly shownAt: number;
}

/** A list as it was shown, for learning. The arrays share one order: the position. */
export interface ShownList {
  readonly tenant: string;
  readonly requestId: string;
  readonly userId: string;
  readonly sessionId: string | null;
  readonly surface: string;
  readonly modelVersion: string;
  readonly variant: string | null;
  readonly degraded: Degradation;
  readonly context: JsonObject | null;
  readonly itemIds: readonly string[];
  readonly scores: readonly number[];
  /** Probability with which each item was shown at its place; 1 where nothing was left to chance. */
  readonly propensities: readonly number[];
  /** The candidate source that found each item first. */
  readonly sources: readonly string[];
  /** What the ranker was given; null where none ranked. */
  readonly features: ShownFeatures | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** The features of a list as they were when it was ranked. */
export interface ShownFeatures {
  readonly names: readonly string[];
  /** Items × names, row after row. */
  readonly values: Float32Array;
}

/** A list of items with their authors, in the same order; null where an item has none. */
export interface ShownItems extends ShownList {
  readonly authorIds: readonly (string | null)[];
}
