import type { Candidates } from '../domain/candidates.js';
import type { FactorShelf } from '../registry/snapshot.js';
import type { Setting } from './setting.js';
import type { Catalogue, Taste } from './taste.js';

/** One column of the ranker's input. Defined once, read the same way by training and by serving. */
export interface Feature {
  readonly name: string;
  /** What a larger value says, as a sentence without its capital: "it is popular". */
  readonly meaning: string;
  /** Whether it compares the item with what the person did: such evidence is named before any other. */
  readonly personal: boolean;
  /**
   * Fills `out` with one finite number per candidate. `now` is epoch milliseconds: the moment of the request, or of the
   * event when training.
   */
  compute(request: FeatureRequest, candidates: Candidates, out: Float32Array): void;
}

/** A model that scores items by inner product. */
export interface Factors {
  readonly dimensions: number;
  /** Items × dimensions, row after row. */
  readonly itemFactors: Float32Array;
  /** The file of an index over the rows, where the version has one; made anew where it has not. */
  readonly indexFile?: string;
  /** Absent where every row is one of the version. */
  readonly shelf?: FactorShelf;
}

/** Many factors at a time, and what is worked out once for a model. */
export interface FactorReader {
  /** Inner products of the factors of items with a vector, in the order of the items, to `out`. */
  multiply(model: Factors, vector: Float32Array, items: Int32Array, out: Float32Array): void;
  /** Item → Euclidean length of its factors. */
  lengthsOf(model: Factors): Float32Array;
}

export interface FeatureRequest {
  readonly taste: Taste;
  readonly catalogue: Catalogue;
  readonly now: number;
  readonly factors: FactorReader;
  readonly setting: Setting;
}
