import type { VectorIndex } from '../ports/vectorIndex.js';
import { buildIndexFile, createApproximateIndex } from './approximate.js';
import { createExactIndex } from './exact.js';
import type { FaissKind } from './faiss.js';

export interface VectorIndexOptions {
  /** rows × dimensions, row after row, finite. Not changed afterwards, by anyone. */
  readonly vectors: Float32Array;
  readonly dimensions: number;
  readonly prefer: 'auto' | 'exact' | FaissKind;
  /** How much of an approximate index a search looks at: `nprobe` or `efSearch`; null for a good one. */
  readonly effort: number | null;
  readonly hasFaiss: boolean;
  /** Where an index over these rows lies, see `buildVectorIndex`. One of another kind is not used. @default none */
  readonly file?: string | undefined;
  /** Told when an approximate index cannot be built or fails; every row is read from then on. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The rows up to which `auto` reads them all: below it an exact answer costs at most some milliseconds of a thread, and
 * nothing to build. `npm run bench:vector` has the figures.
 */
export const EXACT_ROWS = 500_000;

export function chooseIndex(
  rows: number,
  prefer: VectorIndexOptions['prefer'],
  hasFaiss: boolean,
): 'exact' | FaissKind {
  if (prefer !== 'auto') return prefer;
  return hasFaiss && rows > EXACT_ROWS ? 'ivf' : 'exact';
}

/**
 * @throws RangeError when `vectors` are no whole rows of finite numbers.
 * @throws Error when FAISS is asked for by name and is not there.
 */
export function createVectorIndex(options: VectorIndexOptions): VectorIndex {
  const { vectors, dimensions, prefer, effort, hasFaiss, file, onFailure } = options;
  const kind = chooseIndex(vectors.length / dimensions, prefer, hasFaiss);
  if (kind === 'exact') return createExactIndex(vectors, dimensions);
  if (!hasFaiss) {
    throw new Error(
      `CURIO_VECTOR_INDEX is ${kind}, but the native FAISS is not there; \`curio doctor\` says how to get it`,
    );
  }
  return createApproximateIndex({ vectors, dimensions, kind, effort, file, onFailure });
}

/** What `createVectorIndex` reads by `file`, so that no start has to build it; null where every row will be read. */
export async function buildVectorIndex({
  vectors,
  dimensions,
  prefer,
  effort,
  hasFaiss,
}: Omit<VectorIndexOptions, 'file' | 'onFailure'>): Promise<Uint8Array | null> {
  const kind = chooseIndex(vectors.length / dimensions, prefer, hasFaiss);
  return kind === 'exact' || !hasFaiss ? null : buildIndexFile({ vectors, dimensions, kind, effort });
}
