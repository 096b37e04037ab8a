import type { Reranker } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

/** Puts the items that rules bury behind all others, each group in the order it had. */
export const burials: Reranker<RankingQuery> = {
  name: 'burials',
  rerank({ rules: { buriedBy, ids } }, { items }, { order, scores }) {
    if (buriedBy === null) return { order, scores, moved: new Map() };
    const rule = (row: number) => buriedBy[items[row] ?? 0] ?? 0;
    const result = new Int32Array(order.length);
    const moved = new Map<number, string>();
    let end = 0;
    for (const row of order) if (rule(row) === 0) result[end++] = row;
    order.forEach((row, from) => {
      if (rule(row) === 0) return;
      if (end !== from) moved.set(row, `buried by ${ids[rule(row) - 1]}: position ${from} to ${end}`);
      result[end++] = row;
    });
    return { order: result, scores, moved };
  },
};
