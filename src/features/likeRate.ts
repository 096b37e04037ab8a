import type { Feature } from './feature.js';
import { countOf } from './itemCounts.js';

/**
 * Whether those who met the item lately took to it more than those before them: the mean of a beta posterior around the
 * item's own rate, less that rate, whose prior is as strong as such differences were short-lived in the past (see
 * `trainCounts`). −1 to 1, 0 says nothing.
 */
function likeRate(name: string, span: number): Feature {
  return {
    name,
    meaning: 'most who meet it these days take to it',
    personal: false,
    compute({ counts, catalogue, now }, { items: candidates }, out) {
      out.fill(0);
      const trained = catalogue.counts;
      const strength = trained?.strengths[span] ?? Number.POSITIVE_INFINITY;
      if (trained === null || strength === Number.POSITIVE_INFINITY) return;
      for (let row = 0; row < candidates.length; row++) {
        const item = candidates[row] ?? 0;
        const likes = countOf(counts, item, 'likes', span, now);
        const meetings = countOf(counts, item, 'meetings', span, now);
        out[row] = (likes - meetings * (trained.rates[item] ?? 0)) / (meetings + strength);
      }
    },
  };
}

export const likeRateOfDay = likeRate('like_rate_1d', 2);
export const likeRateOfWeek = likeRate('like_rate_1w', 3);
