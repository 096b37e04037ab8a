import type { Feature } from './feature.js';
import { countOf, countOfAll } from './itemCounts.js';
import { logRatio } from './logRatio.js';

/** Beyond e³, twenty times as often, more is no more telling. */
const MOST = 3;

/**
 * How much more an item is taken to now than its popularity makes one expect, as a natural logarithm, drawn to 0 as far as
 * such differences did not last in the past (see `trainCounts`). −3 to 3.
 */
function recentPopularity(name: string, span: number): Feature {
  return {
    name,
    meaning: 'people take to it these days',
    personal: false,
    compute({ counts, catalogue, now }, { items: candidates }, out) {
      out.fill(0);
      const trained = catalogue.counts;
      const shape = trained?.shapes[span] ?? Number.POSITIVE_INFINITY;
      if (trained === null || shape === Number.POSITIVE_INFINITY || !(trained.priorSum > 0)) return;
      const likes = countOfAll(counts, 'likes', span, now);
      for (let row = 0; row < candidates.length; row++) {
        const item = candidates[row] ?? 0;
        const expected = (likes * (catalogue.popularPrior[item] ?? 0)) / trained.priorSum;
        const lift = logRatio(countOf(counts, item, 'likes', span, now), expected, shape);
        out[row] = Math.max(-MOST, Math.min(MOST, lift));
      }
    },
  };
}

export const popularityOfMinutes = recentPopularity('recent_5m', 0);
export const popularityOfHour = recentPopularity('recent_1h', 1);
export const popularityOfDay = recentPopularity('recent_1d', 2);
export const popularityOfWeek = recentPopularity('recent_1w', 3);
