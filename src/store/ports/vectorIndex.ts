/** The best `indices` by falling inner product, then rising index; both arrays have the same length, at most k. */
export interface Neighbours {
  readonly indices: Int32Array;
  readonly scores: Float32Array;
}

/** Maximum-inner-product search over rows 0..n-1 of a matrix that does not change. */
export interface VectorIndex {
  /** Which adapter answers, for `doctor` and traces. */
  readonly name: 'exact' | 'faiss';
  readonly size: number;
  readonly dimensions: number;
  /**
   * `query` has `dimensions` numbers. Rows whose byte in `masked` is not 0 are passed over; fewer than k come back only
   * when fewer rows are left.
   */
  search(query: Float32Array, k: number, masked?: Uint8Array): Neighbours;
  dispose(): void;
}
