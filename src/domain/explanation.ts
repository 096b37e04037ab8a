/** Why an item stands where it stands. */
export interface Explanation {
  /** Best rank first. `rank` is from 0; scores compare only within one source. */
  readonly sources: readonly { readonly source: string; readonly score: number; readonly rank: number }[];
  /**
   * Largest effect first. `value × weight` is what the feature adds to the log-odds of this item: exact for a linear
   * ranker, local to the item for any other.
   */
  readonly features: readonly { readonly feature: string; readonly value: number; readonly weight: number }[];
  /** What the rules did to it, in order of application. */
  readonly rules: readonly string[];
}
