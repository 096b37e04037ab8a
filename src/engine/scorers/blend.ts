import type { Closeness } from '../hydrators/closeness.js';
import type { Scorer } from '../pipeline/stages.js';
import type { SimilarQuery } from '../query.js';

/** Shares of each measure; they sum to 1, so that the score stays within 0 to 1. */
export const SHARES: Readonly<Record<Closeness, number>> = {
  co_visited: 0.25,
  alike: 0.2,
  shared_tags: 0.15,
  content: 0.1,
  same_category: 0.05,
  agreement: 0.25,
};

/** The weighted mean of the measures of closeness. */
export const blend: Scorer<SimilarQuery> = {
  name: 'blend',
  enabled: () => true,
  score(_query, { items, columns }) {
    const scores = new Float32Array(items.length);
    for (const [name, share] of Object.entries(SHARES)) {
      const column = columns.get(name);
      if (column === undefined) throw new Error(`nobody measured "${name}"`);
      for (let row = 0; row < scores.length; row++) scores[row] = (scores[row] ?? 0) + share * (column[row] ?? 0);
    }
    return { items, scores };
  },
};
