import type { Counters } from '../../store/ports/counters.js';
import { risingBoard } from '../live/boards.js';
import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

export const RISING = 'rising';

const QUOTA = 50;
/** A count that has faded to less than this no longer says anything. */
const LEAST = 0.5;

/** What people act on at the moment, from the live counters: newer than any snapshot. Scores are faded counts. */
export function rising(counters: Counters): Source<RankingQuery> {
  return {
    name: RISING,
    quota: QUOTA,
    deadlineMs: 50,
    enabled: () => true,
    async fetch({ snapshot, finding, now }) {
      const top = await counters.top(risingBoard(snapshot.tenant), 2 * QUOTA, now);
      const known = top
        .map(({ member, count }) => ({ item: snapshot.items.indexOf(member), count }))
        .filter(({ item, count }) => item >= 0 && count >= LEAST && finding.masked[item] === 0);
      return {
        items: Int32Array.from(known, ({ item }) => item),
        scores: Float32Array.from(known, ({ count }) => count),
      };
    },
  };
}
