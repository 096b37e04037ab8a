import type { PersonFacts } from '../../../domain/entities.js';
import type { ItemEvent } from '../../../domain/events.js';
import type { Profile } from '../../../features/profile.js';

/** Someone to rank for, as a log knows them. Plain data, so that it can be sent to a thread. */
export interface Asking {
  /** What they did in the training slice, newest first. */
  readonly events: readonly ItemEvent[];
  /** What they say of themselves; null where they were not known at that moment. */
  readonly facts: PersonFacts | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The same in the terms of one snapshot. */
export interface Known {
  readonly now: number;
  /** All they did, folded as a profile is, without its limit: a model alone is judged by the whole of what it may know. */
  readonly history: Profile;
  /** Every item they met: never to be ranked. */
  readonly seen: ReadonlySet<number>;
}

/** The best of all unseen items, best first; fewer than asked for only when there are no more. */
export interface RankedItems {
  /** Item indices of the snapshot. */
  readonly items: Int32Array;
  /** What was promised for each, where the scores are calibrated probabilities. */
  readonly probabilities: Float32Array | null;
}

/** One row of the table. Equal scores go by rising item. */
export interface RankingModel {
  readonly name: string;
  rank(asked: Asking & Known, depth: number): RankedItems | Promise<RankedItems>;
}

/** One model of a version by itself. */
export interface SingleModel extends RankingModel {
  rank(asked: Known, depth: number): RankedItems;
}
