import type { Reranker } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';
import { timesOdds } from '../scorers/logistic.js';

/** Multiplies the odds of the items that rules boost. */
export const boosts: Reranker<RankingQuery> = {
  name: 'boosts',
  rerank({ rules: { lifts, boosts } }, { items }, { order, scores }) {
    if (lifts === null) return { order, scores, moved: new Map() };
    const lifted = scores.slice();
    const moved = new Map<number, string>();
    for (let row = 0; row < items.length; row++) {
      const item = items[row] ?? 0;
      const lift = lifts[item] ?? 0;
      if (lift === 0) continue;
      const before = scores[row] ?? 0;
      const after = timesOdds(before, Math.exp(lift));
      lifted[row] = after;
      const by = boosts.filter(({ holds }) => holds(item)).map(({ id, weight }) => `${id} × ${weight}`);
      moved.set(row, `boosted by ${by.join(', ')}: score ${before.toFixed(3)} to ${after.toFixed(3)}`);
    }
    return { order, scores: lifted, moved };
  },
};
