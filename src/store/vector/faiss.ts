import { createRequire } from 'node:module';
import type { Neighbours, VectorIndex } from '../ports/vectorIndex.js';
import { checkMatrix, checkQuery, checkWanted, EMPTY } from './checks.js';
import { dot } from './dot.js';

/** What we use of faiss-node. */
export type FaissModule = Pick<typeof import('faiss-node'), 'IndexFlatIP'>;

/** The native binding; null when it was not built (see `scripts/faiss.mjs`) or does not load. Never throws. */
export function loadFaiss(): FaissModule | null {
  try {
    const module: unknown = createRequire(import.meta.url)('faiss-node');
    return isFaiss(module) ? module : null;
  } catch {
    return null;
  }
}

function isFaiss(module: unknown): module is FaissModule {
  return typeof module === 'object' && module !== null && 'IndexFlatIP' in module;
}

/** Rows handed over at a time: the binding takes arrays of numbers, eight times the size of our floats. */
const CHUNK_ROWS = 8_192;
/** Unit roundoff of a float. */
const ROUNDOFF = 2 ** -24;

/**
 * FAISS's flat inner-product index (exact). Building blocks for about 7 s a million rows of 64. FAISS only proposes: the
 * proposed rows are scored again with the arithmetic of our kernel, so that order and scores are those of the exact
 * adapter to the bit, whichever of them serves. `vectors` is kept, not copied.
 */
export function createFaissIndex(faiss: FaissModule, vectors: Float32Array, dimensions: number): VectorIndex {
  const size = checkMatrix(vectors, dimensions);
  const index = new faiss.IndexFlatIP(dimensions);
  for (let at = 0; at < vectors.length; at += CHUNK_ROWS * dimensions) {
    index.add(Array.from(vectors.subarray(at, at + CHUNK_ROWS * dimensions)));
  }
  const longest = longestRow(vectors, dimensions);

  return {
    name: 'faiss',
    size,
    dimensions,
    search(query, k, masked) {
      checkQuery(query, dimensions);
      checkWanted(k);
      const wanted = Math.min(k, size);
      if (wanted === 0) return EMPTY;
      const length = Math.hypot(...query);
      if (length === 0) return firstRows(wanted, size, masked);
      // Two sums of the same products in any order differ by at most this (Higham 2002, section 3.1).
      const slack = 2 * (dimensions + 2) * ROUNDOFF * length * longest;
      const numbers = Array.from(query);
      for (let proposals = Math.min(size, wanted + 32); ; proposals = Math.min(size, proposals * 2)) {
        const { distances, labels } = index.search(numbers, proposals);
        const found = rescore(vectors, query, masked ? labels.filter((row) => masked[row] === 0) : labels, wanted);
        // Whoever was not proposed has at most the last proposal's score, give or take the rounding.
        const ceiling = (distances.at(-1) ?? 0) + slack;
        if (proposals === size || (found.scores.length === wanted && (found.scores.at(-1) ?? 0) > ceiling))
          return found;
      }
    },
    dispose() {},
  };
}

function rescore(vectors: Float32Array, query: Float32Array, labels: readonly number[], wanted: number): Neighbours {
  const rows = labels.map((index) => ({ index, score: dot(vectors, index * query.length, query) }));
  rows.sort((a, b) => b.score - a.score || a.index - b.index);
  const best = rows.slice(0, wanted);
  return {
    indices: Int32Array.from(best, ({ index }) => index),
    scores: Float32Array.from(best, ({ score }) => score),
  };
}

/** With a query of zeros every row scores 0. */
function firstRows(wanted: number, size: number, masked?: Uint8Array): Neighbours {
  const rows: number[] = [];
  for (let row = 0; row < size && rows.length < wanted; row++) if (!masked?.[row]) rows.push(row);
  return { indices: Int32Array.from(rows), scores: new Float32Array(rows.length) };
}

function longestRow(vectors: Float32Array, dimensions: number): number {
  let longest = 0;
  for (let at = 0; at < vectors.length; at += dimensions) {
    let square = 0;
    for (let i = at; i < at + dimensions; i++) square += (vectors[i] ?? 0) ** 2;
    longest = Math.max(longest, square);
  }
  return Math.sqrt(longest);
}
