import type { Reranker } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';
import { logistic, logit } from '../scorers/logistic.js';
import { RISING } from '../sources/rising.js';

/** Log-odds that a count of e − 1 adds for a stranger, and the most that any count adds. */
const LIFT = 0.35;
const MOST = 2;
/** Items in the profile after which the lift is half. */
const HALF_AT = 5;

/**
 * Lifts what people act on now. The less is known of a person, the more the moment counts: the features of a snapshot
 * cannot know of it, and a stranger has nothing else.
 */
export const risingNow: Reranker<RankingQuery> = {
  name: 'risingNow',
  rerank({ person }, { sources }, { order, scores }) {
    const counts = sources.find(({ name }) => name === RISING)?.scores ?? new Float32Array(0);
    const share = HALF_AT / (HALF_AT + person.taste.profile.items.length);
    const lifted = scores.slice();
    const moved = new Map<number, string>();
    counts.forEach((count, row) => {
      // Absent is NaN, which is not above 0 either.
      if (!(count > 0)) return;
      const lift = share * Math.min(MOST, LIFT * Math.log1p(count));
      lifted[row] = logistic(logit(scores[row] ?? 0) + lift);
      moved.set(row, `rising now: score ${fixed(scores[row])} to ${fixed(lifted[row])}`);
    });
    return { order, scores: lifted, moved };
  },
};

function fixed(score = 0): string {
  return score.toFixed(3);
}
