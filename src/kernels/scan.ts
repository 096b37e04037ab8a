import { createArena, pagesFor } from './arena.js';
import { BIN_BYTES, paddedWidth } from './layout.js';
import { bindKernels, compileKernels } from './module.js';

/** Rows found by falling inner product, then rising index; both arrays have the same length. */
export interface TopK {
  readonly indices: Int32Array;
  readonly scores: Float32Array;
}

/** Exact maximum-inner-product search over rows that do not change. Synchronous: 50,000 rows of 64 take about 0.3 ms. */
export interface ExactScan {
  readonly size: number;
  readonly dimensions: number;
  /** `query` has `dimensions` finite numbers; fewer than `k` come back only when there are fewer rows. */
  topK(query: Float32Array, k: number): TopK;
}

/** Copies `vectors` (rows × dimensions, row after row, finite) into memory of its own. */
export function createScan(vectors: Float32Array, dimensions: number): ExactScan {
  const size = vectors.length / dimensions;
  if (!Number.isInteger(size)) {
    throw new RangeError(`createScan: ${vectors.length} numbers are no whole rows of ${dimensions}`);
  }
  const width = paddedWidth(dimensions);
  const paddedRows = paddedWidth(size);
  const rowBytes = width * 4;
  const arena = createArena(
    pagesFor(paddedRows * rowBytes, rowBytes, paddedRows * 4, BIN_BYTES, size * 8, size * 4, size * 4),
  );
  const matrix = arena.float32(paddedRows * width);
  const target = arena.float32(width);
  const scores = arena.float32(paddedRows);
  const bins = arena.scratch(BIN_BYTES);
  const keys = arena.scratch(size * 8);
  const bestIds = arena.int32(size);
  const bestScores = arena.float32(size);
  const call = bindKernels(compileKernels(), arena.memory);
  for (let row = 0; row < size; row++) {
    matrix.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), row * width);
  }
  return {
    size,
    dimensions,
    topK(query, k) {
      if (query.length !== dimensions) {
        throw new RangeError(`topK: the query has ${query.length} numbers, the rows have ${dimensions}`);
      }
      if (!query.every(Number.isFinite)) throw new RangeError('topK: the query holds a number that is not finite');
      target.set(query);
      call('multiplyRows', matrix.byteOffset, paddedRows, rowBytes, target.byteOffset, scores.byteOffset);
      const found = call(
        'select',
        scores.byteOffset,
        0,
        size,
        Math.min(k, size),
        bins,
        keys,
        bestIds.byteOffset,
        bestScores.byteOffset,
      );
      return {
        indices: Int32Array.from(bestIds.subarray(0, found)),
        scores: Float32Array.from(bestScores.subarray(0, found)),
      };
    },
  };
}
