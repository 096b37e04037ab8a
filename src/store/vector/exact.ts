import { createScan } from '../../kernels/scan.js';
import type { Neighbours, VectorIndex } from '../ports/vectorIndex.js';
import { checkMatrix, checkQuery, checkWanted, EMPTY } from './checks.js';

/** What reading a matrix may take before a thread does it: 48 MB of bytes, about 5 ms. */
const ASIDE_BYTES = 48 * 2 ** 20;

export interface ExactIndex extends VectorIndex {
  /** The best `k` of the given rows. */
  rank(query: Float32Array, rows: Int32Array, k: number): Neighbours;
}

/** Reads every row with our own SIMD kernel: nothing to build, and filters cost nothing. */
export const createExactIndex = (vectors: Float32Array, dimensions: number): ExactIndex =>
  openExactIndex({ vectors, dimensions, asideBytes: ASIDE_BYTES });

/** The same, with a bound of its own on what is read without a thread. */
export function openExactIndex({
  vectors,
  dimensions,
  asideBytes,
}: {
  readonly vectors: Float32Array;
  readonly dimensions: number;
  readonly asideBytes: number;
}): ExactIndex {
  checkMatrix(vectors, dimensions);
  const scan = createScan(vectors, dimensions);
  return {
    name: 'exact',
    get size() {
      return scan.size;
    },
    dimensions,
    search(query, k, masked) {
      checkQuery(query, dimensions);
      checkWanted(k);
      if (k === 0 || scan.size === 0) return EMPTY;
      return scan.size * dimensions > asideBytes ? scan.topKAside(query, k, masked) : scan.topK(query, k, masked);
    },
    rank(query, rows, k) {
      const scores = new Float32Array(rows.length);
      scan.dots(query, rows, scores);
      const order = Int32Array.from(rows.keys()).sort(
        (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (rows[a] ?? 0) - (rows[b] ?? 0),
      );
      const best = order.subarray(0, k);
      return { indices: best.map((at) => rows[at] ?? 0), scores: Float32Array.from(best, (at) => scores[at] ?? 0) };
    },
    dots(query, rows, out) {
      checkQuery(query, dimensions);
      scan.dots(query, rows, out);
    },
    append(more) {
      checkMatrix(more, dimensions);
      scan.append(more);
    },
    dispose: () => scan.dispose(),
  };
}
