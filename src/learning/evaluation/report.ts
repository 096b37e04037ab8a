import type { Estimate } from './bootstrap.js';
import type { Protocol } from './split.js';

/** One row of the table. Figures by name, such as `ndcg@10`. */
export interface ModelReport {
  readonly name: string;
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly lists: ListReport;
  /** By slice, then figure. */
  readonly slices: Readonly<Record<string, Readonly<Record<string, Estimate>>>>;
}

/** Of the lists as they were shown, the first 20 each, whatever was right. */
export interface ListReport {
  readonly coverage: number;
  readonly gini: number;
  /** Mean self-information, bits. */
  readonly novelty: number;
  /** Null where nothing is known of the items. */
  readonly intraListDiversity: number | null;
  /** Null where nothing is promised, or the protocol cannot tell what came true. */
  readonly calibrationError: number | null;
}

/** How far the last model is ahead of another one: a share of the other's NDCG@10. */
export interface Lead {
  readonly over: string;
  /** Over everyone, and over those who did something in the training slice. */
  readonly all: Estimate;
  readonly known: Estimate | null;
}

export interface EvaluationReport {
  readonly protocol: Protocol;
  readonly seed: number;
  /** The version that was judged; null for one trained for this evaluation. */
  readonly version: string | null;
  /** Everything learned from happened before; null where the log has no times. */
  readonly until: string | null;
  /** What ranked last: the learned ranker or the fixed formula. */
  readonly ranker: 'learned' | 'formula';
  readonly counts: {
    readonly events: number;
    readonly items: number;
    readonly people: number;
    /** What would have been right, over all people. */
    readonly right: number;
    /** People with anything right in each slice. */
    readonly slices: Readonly<Record<string, number>>;
  };
  readonly models: readonly ModelReport[];
  readonly leads: readonly Lead[];
}
