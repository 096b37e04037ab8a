import type { Found } from '../../domain/candidates.js';
import { keepBest } from '../../retrieval/best.js';
import type { VectorIndex } from '../../store/ports/vectorIndex.js';

export type CreateVectorIndex = (vectors: Float32Array, dimensions: number) => VectorIndex;

/** The vectors of the rows of an index, in blocks, so that adding to many rows moves few. */
export interface VectorRows {
  /** Adds whole rows at the end. */
  add(vectors: Float32Array): void;
  /** The `count` nearest to a vector, nearest first; rows whose byte in `masked` is not 0 are passed over. */
  nearest(vector: Float32Array, count: number, masked: Uint8Array): Promise<Found>;
  /** Of one row; zeros for a row that is not there. */
  of(row: number): Float32Array;
  dispose(): void;
}

const BLOCK = 4_096;

export function createVectorRows(dimensions: number, createIndex: CreateVectorIndex): VectorRows {
  const blocks: { readonly index: VectorIndex; readonly vectors: Float32Array }[] = [];
  let size = 0;
  /** An index that is made of a whole block at once is read faster than one that grew. */
  const settle = () => {
    const block = blocks.pop();
    if (block === undefined) return;
    blocks.push({ index: createIndex(block.vectors, dimensions), vectors: block.vectors });
    block.index.dispose();
  };
  return {
    add(vectors) {
      for (let from = 0; from < vectors.length; ) {
        const at = size % BLOCK;
        const count = Math.min(BLOCK - at, (vectors.length - from) / dimensions);
        const some = vectors.slice(from, from + count * dimensions);
        if (at === 0) {
          const kept = new Float32Array(BLOCK * dimensions);
          kept.set(some);
          blocks.push({ index: createIndex(some, dimensions), vectors: kept });
        } else {
          const block = blocks[blocks.length - 1];
          block?.vectors.set(some, at * dimensions);
          block?.index.append(some);
        }
        size += count;
        from += count * dimensions;
        if (size % BLOCK === 0) settle();
      }
    },
    async nearest(vector, count, masked) {
      const best = keepBest(count);
      for (const [block, { index }] of blocks.entries()) {
        const from = block * BLOCK;
        const found = await index.search(vector, Math.min(count, index.size), masked.subarray(from, from + index.size));
        for (const [at, row] of found.indices.entries()) best.offer(from + row, found.scores[at] ?? 0);
      }
      return best.take();
    },
    of(row) {
      const at = (row % BLOCK) * dimensions;
      return blocks[Math.floor(row / BLOCK)]?.vectors.subarray(at, at + dimensions) ?? new Float32Array(dimensions);
    },
    dispose() {
      for (const { index } of blocks) index.dispose();
    },
  };
}
