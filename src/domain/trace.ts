/** How one list was made. */
export interface PipelineTrace {
  /** What the recipe is made of, in order of application. */
  readonly components: readonly { readonly stage: string; readonly name: string }[];
  /** What ran. */
  readonly steps: readonly TraceStep[];
  /** In the order they were asked about. */
  readonly items: readonly ItemTrace[];
}

export interface TraceStep {
  readonly stage: string;
  readonly name: string;
  readonly ms: number;
  /** Candidates before and after; a source has none before. */
  readonly in: number;
  readonly out: number;
  /** Why it was dropped, or null. */
  readonly error: string | null;
}

/** Why an item is in the list, or is not. */
export interface ItemTrace {
  readonly itemId: string;
  /** From 0; null for one that is not among those that are shown. */
  readonly position: number | null;
  /** Null for one that was not ranked. */
  readonly score: number | null;
  /** The sources that named it. */
  readonly sources: readonly string[];
  readonly rules: readonly string[];
  /** A sentence. */
  readonly why: string;
}
