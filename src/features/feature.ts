import type { Catalogue, Taste } from './taste.js';

/** One column of the ranker's input. Defined once, read the same way by training and by serving. */
export interface Feature {
  readonly name: string;
  /** What a larger value says, as the end of a sentence: "it is popular". */
  readonly meaning: string;
  /**
   * Fills `out` with one finite number per candidate. `candidates` are item indices, `now` is epoch milliseconds:
   * the moment of the request, or of the event when training.
   */
  compute(request: FeatureRequest, candidates: Int32Array, out: Float32Array): void;
}

export interface FeatureRequest {
  readonly taste: Taste;
  readonly catalogue: Catalogue;
  readonly now: number;
}
