import type { ItemFilter } from '../domain/itemFilter.js';
import type { Setting } from '../features/setting.js';
import type { ItemCounts, Snapshot } from '../registry/snapshot.js';
import type { FindRequest } from '../retrieval/finder.js';
import type { Chance } from './chance.js';
import type { Person } from './person.js';
import type { CompiledRules } from './rules/compiled.js';

/** What the rules of `recommendations` read. */
export interface RankingBasis {
  readonly snapshot: Snapshot;
  readonly person: Person;
  /** What the moment is like. */
  readonly setting: Setting;
  /** What happened with each item up to now. */
  readonly counts: ItemCounts;
  readonly filter: ItemFilter | null;
  readonly excludeSeen: boolean;
  /** Items the caller wants left out. */
  readonly excluded: ReadonlySet<number>;
  /** What the business wants. */
  readonly rules: CompiledRules;
  /** 0 (by score alone) to 1 (as different from each other as possible). */
  readonly diversity: number;
  /** What is left to chance. */
  readonly chance: Chance;
  /** How many will be shown. */
  readonly first: number;
  /** Epoch milliseconds of the request. */
  readonly now: number;
}

/** Everything the components of `recommendations` may read, gathered once per request. */
export interface RankingQuery extends RankingBasis {
  /** What the finders are asked. */
  readonly finding: FindRequest;
}

/** What the rules of `similarItems` read. */
export interface SimilarBasis {
  readonly snapshot: Snapshot;
  /** The item that others are compared with. */
  readonly item: number;
  readonly filter: ItemFilter | null;
  readonly rules: CompiledRules;
}

/** Everything the components of `similarItems` may read. */
export interface SimilarQuery extends SimilarBasis {
  readonly admits: (item: number) => boolean;
}
