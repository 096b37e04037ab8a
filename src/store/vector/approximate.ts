import type { Neighbours, VectorIndex } from '../ports/vectorIndex.js';
import { checkMatrix, checkQuery, checkWanted } from './checks.js';
import { createExactIndex } from './exact.js';
import type { FaissKind } from './faiss.js';
import { type FaissOptions, type FaissThread, openFaissThread } from './faissThread.js';

/** `nprobe` and `efSearch` unless told otherwise: see the table of `npm run bench:vector`. */
const EFFORT: Readonly<Record<FaissKind, number>> = { ivf: 32, hnsw: 256 };

/** Fewer rows are read all, whatever is asked for: there is nothing to win. */
const LEAST_ROWS = 10_000;

/** More proposals than this, as a share of the rows, and reading all of them is quicker. */
const MOST_SHARE = 0.05;

export interface ApproximateOptions {
  readonly vectors: Float32Array;
  readonly dimensions: number;
  readonly kind: FaissKind;
  /** `nprobe` of `ivf`, `efSearch` of `hnsw`; null for a good one. */
  readonly effort: number | null;
  /** Where the index lies, made before. @default none: it is made */
  readonly file?: string | undefined;
  readonly onFailure: (error: unknown) => void;
}

/**
 * FAISS proposes, on a thread of its own, and the proposals are scored exactly. While it builds, where a mask leaves
 * too few of its proposals, and should it fail, every row is read instead: slower, and never wrong.
 */
export function createApproximateIndex(options: ApproximateOptions): VectorIndex & { readonly ready: Promise<void> } {
  const { vectors, dimensions, kind, onFailure } = options;
  const exact = createExactIndex(vectors, dimensions);
  const thread = exact.size < LEAST_ROWS ? null : openFaissThread(threadOptions(options));
  let usable = false;
  let disposed = false;
  const giveUp = (error: unknown) => {
    if (usable && !disposed) onFailure(error);
    usable = false;
  };
  const ready = (async () => {
    await thread?.ready;
    usable = thread !== null;
  })();
  ready.catch((error: unknown) => {
    if (!disposed) onFailure(error);
  });

  const propose = async (
    from: FaissThread,
    query: Float32Array,
    k: number,
    masked?: Uint8Array,
  ): Promise<Neighbours> => {
    try {
      for (let proposals = 2 * k + 32; proposals <= MOST_SHARE * exact.size; proposals *= 4) {
        const rows = await from.search(query, proposals);
        const admitted = masked === undefined ? rows : rows.filter((row) => !masked[row]);
        if (admitted.length >= k) return exact.rank(query, admitted, k);
      }
    } catch (error) {
      giveUp(error);
    }
    return exact.search(query, k, masked);
  };

  return {
    name: kind,
    get size() {
      return exact.size;
    },
    dimensions,
    ready,
    search(query, k, masked) {
      checkQuery(query, dimensions);
      checkWanted(k);
      return usable && thread && k > 0 ? propose(thread, query, k, masked) : exact.search(query, k, masked);
    },
    dots: exact.dots,
    append(more) {
      exact.append(more);
      thread?.append(more);
    },
    dispose() {
      usable = false;
      disposed = true;
      exact.dispose();
      thread?.dispose();
    },
  };
}

/** The index as FAISS writes it, to be read again by `file`; null where there are too few rows for one. */
export async function buildIndexFile(
  options: Omit<ApproximateOptions, 'file' | 'onFailure'>,
): Promise<Uint8Array | null> {
  checkMatrix(options.vectors, options.dimensions);
  if (options.vectors.length / options.dimensions < LEAST_ROWS) return null;
  const thread = openFaissThread(threadOptions(options));
  try {
    return await thread.save();
  } finally {
    thread.dispose();
  }
}

function threadOptions({
  vectors,
  dimensions,
  kind,
  effort,
  file,
}: Omit<ApproximateOptions, 'onFailure'>): FaissOptions {
  return { vectors, dimensions, kind, effort: effort ?? EFFORT[kind], file: file ?? null };
}
