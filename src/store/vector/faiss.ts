import { createRequire } from 'node:module';

/** What we use of faiss-node. */
export type FaissModule = Pick<typeof import('faiss-node'), 'Index'>;

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
  return typeof module === 'object' && module !== null && 'Index' in module;
}

/** The kinds of FAISS index that serve: inverted lists (Jégou et al. 2011) and a graph (Malkov and Yashunin 2018). */
export type FaissKind = 'ivf' | 'hnsw';
