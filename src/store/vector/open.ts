import type { VectorIndex } from '../ports/vectorIndex.js';
import { createExactIndex } from './exact.js';
import { createFaissIndex, type FaissModule } from './faiss.js';

export interface VectorIndexOptions {
  /** rows × dimensions, row after row, finite. Not changed afterwards, by anyone. */
  readonly vectors: Float32Array;
  readonly dimensions: number;
  readonly prefer: 'auto' | 'exact' | 'faiss';
  /** From `loadFaiss`. */
  readonly faiss: FaissModule | null;
}

/**
 * The matrix up to which `auto` scans with our own kernel, whose memory ends at 4 GiB. Below it the kernel is the faster
 * of two exact answers: p50 for the best 100 at 64 dimensions, one thread, is 0.46 ms against FAISS's 1.8 at 50,000 rows,
 * 4.0 against 10.6 at 300,000 and 12 against 35 at a million (Debian's FAISS 1.7.3), built in 0.8 s instead of 7.
 * What FAISS has to win with, inverted lists, is approximate and takes over a minute to build: not behind this port.
 */
export const EXACT_BYTES = 3 * 1024 ** 3;

export function chooseIndex(
  matrixBytes: number,
  prefer: VectorIndexOptions['prefer'],
  hasFaiss: boolean,
): 'exact' | 'faiss' {
  if (prefer !== 'auto') return prefer;
  return hasFaiss && matrixBytes > EXACT_BYTES ? 'faiss' : 'exact';
}

/**
 * @throws RangeError when `vectors` are no whole rows of finite numbers.
 * @throws Error when FAISS is asked for by name and is not there.
 */
export function createVectorIndex({ vectors, dimensions, prefer, faiss }: VectorIndexOptions): VectorIndex {
  if (chooseIndex(vectors.byteLength, prefer, faiss !== null) === 'exact') return createExactIndex(vectors, dimensions);
  if (faiss === null) {
    throw new Error(
      'CURIO_VECTOR_INDEX is faiss, but the native FAISS is not there; `curio doctor` says how to get it',
    );
  }
  return createFaissIndex(faiss, vectors, dimensions);
}
