import type { Found } from '../../domain/candidates.js';
import type { Counters } from '../../store/ports/counters.js';
import { createRisingItems, type RisingItems } from '../live/risingItems.js';
import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

export const RISING = 'rising';

const QUOTA = 50;
/** A count that has faded to less than this no longer says anything. */
const LEAST = 0.5;

/** What people act on at the moment, from the live counters: newer than any snapshot. Scores are faded counts. */
export function rising(counters: Pick<Counters, 'top'>): Source<RankingQuery> {
  const risingItems = createRisingItems(counters, 2 * QUOTA);
  return {
    name: RISING,
    quota: QUOTA,
    deadlineMs: 50,
    enabled: () => true,
    fetch(query) {
      const top = risingItems(query.snapshot.tenant, query.now);
      return top instanceof Promise ? top.then((items) => asFound(items, query)) : asFound(top, query);
    },
  };
}

function asFound(top: RisingItems, { snapshot, finding }: RankingQuery): Found {
  const known = top
    .map(({ member, count }) => ({ item: snapshot.items.indexOf(member), count }))
    .filter(({ item, count }) => item >= 0 && count >= LEAST && finding.masked[item] === 0);
  return {
    items: Int32Array.from(known, ({ item }) => item),
    scores: Float32Array.from(known, ({ count }) => count),
  };
}
