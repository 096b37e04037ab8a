import type { Reranker } from '../pipeline/stages.js';

/** Falling score, then rising item: rows of a snapshot are in the order of their ids, so that ties never flip. */
export const byScore: Reranker<unknown> = {
  name: 'byScore',
  rerank(_query, { items }, { order, scores }) {
    const sorted = order
      .slice()
      .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (items[a] ?? 0) - (items[b] ?? 0));
    return { order: sorted, scores, moved: new Map() };
  },
};
