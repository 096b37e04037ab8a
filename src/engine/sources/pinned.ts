import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

/** A list is at most so long. */
const QUOTA = 100;

/** Items that a rule pins to a position, so that they are there to be pinned. Their score says nothing. */
export const pinned: Source<RankingQuery> = {
  name: 'pinned',
  quota: QUOTA,
  deadlineMs: 100,
  enabled: ({ rules }) => rules.pins.length > 0,
  fetch({ rules, finding }) {
    const items = Int32Array.from(rules.pins.map(({ item }) => item).filter((item) => finding.masked[item] === 0));
    return { items, scores: new Float32Array(items.length).fill(1) };
  },
};
