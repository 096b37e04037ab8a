import type { Snapshot } from '../../registry/snapshot.js';
import type { VectorIndex } from '../../store/ports/vectorIndex.js';

/** Makes an index over the rows of a matrix, `vectors.length / dimensions` of them. */
export type CreateIndex = (vectors: Float32Array, dimensions: number) => VectorIndex;

/**
 * The index over a snapshot's item factors, made at first use and kept as long as the snapshot. It is not disposed of
 * by hand: a request may still be using it when the next version is swapped in, so it goes when the snapshot does.
 */
export function indexPerSnapshot(createIndex: CreateIndex): (snapshot: Snapshot) => VectorIndex {
  const indexes = new WeakMap<Snapshot, VectorIndex>();
  return (snapshot) => {
    const known = indexes.get(snapshot);
    if (known !== undefined) return known;
    const { itemFactors, dimensions } = snapshot.collaborative;
    const index = createIndex(itemFactors, dimensions);
    indexes.set(snapshot, index);
    return index;
  };
}
