import { fatigueSteps } from '../fatigue.js';
import type { Reranker } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';
import { timesOdds } from '../scorers/logistic.js';

/** Lowers what the person was shown again and again and did not act on: each step of fatigue halves the odds. */
export const fatigue: Reranker<RankingQuery> = {
  name: 'fatigue',
  rerank({ person: { impressions } }, { items }, { order, scores }) {
    const moved = new Map<number, string>();
    if (impressions.size === 0) return { order, scores, moved };
    const lowered = scores.slice();
    for (let row = 0; row < items.length; row++) {
      const shown = impressions.get(items[row] ?? 0) ?? 0;
      const steps = fatigueSteps(shown);
      if (steps === 0) continue;
      const before = scores[row] ?? 0;
      const after = timesOdds(before, 0.5 ** steps);
      lowered[row] = after;
      moved.set(row, `fatigue: shown ${shown} times, score ${before.toFixed(3)} to ${after.toFixed(3)}`);
    }
    return { order, scores: lowered, moved };
  },
};
