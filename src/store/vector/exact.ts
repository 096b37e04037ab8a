import { createScan } from '../../kernels/scan.js';
import type { VectorIndex } from '../ports/vectorIndex.js';
import { checkMatrix, checkQuery, checkWanted, EMPTY } from './checks.js';

/** Reads every row with our own SIMD kernel: nothing to build, and filters cost nothing. */
export function createExactIndex(vectors: Float32Array, dimensions: number): VectorIndex {
  const size = checkMatrix(vectors, dimensions);
  const scan = createScan(vectors, dimensions);
  return {
    name: 'exact',
    size,
    dimensions,
    search(query, k, masked) {
      checkQuery(query, dimensions);
      checkWanted(k);
      return k === 0 || size === 0 ? EMPTY : scan.topK(query, k, masked);
    },
    dispose() {},
  };
}
