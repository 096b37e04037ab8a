/** The best `indices` by falling inner product, then rising index; both arrays have the same length, at most k. */
export interface Neighbours {
  readonly indices: Int32Array;
  readonly scores: Float32Array;
}

/** Maximum-inner-product search over rows of a matrix. Rows can be added; none is ever changed. */
export interface VectorIndex {
  /** Which adapter answers, for `doctor` and traces. */
  readonly name: 'exact' | 'ivf' | 'hnsw';
  readonly size: number;
  readonly dimensions: number;
  /**
   * `query` has `dimensions` numbers. Rows whose byte in `masked` is not 0 are passed over; fewer than k come back only
   * when fewer rows are left. A promise where the search would hold the event loop: then a thread does it.
   */
  search(query: Float32Array, k: number, masked?: Uint8Array): Neighbours | Promise<Neighbours>;
  /** Inner products of the given rows with the query, in their order, to `out`. */
  dots(query: Float32Array, rows: Int32Array, out: Float32Array): void;
  /** Adds whole rows at the end; the next search finds them. */
  append(vectors: Float32Array): void;
  dispose(): void;
}
