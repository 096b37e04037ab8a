import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

const QUOTA = 200;

/** What is popular with everyone. Goes down its list until the quota is full, so that no filter leaves it empty-handed. */
export const popular: Source<RankingQuery> = {
  name: 'popular',
  quota: QUOTA,
  deadlineMs: 100,
  enabled: () => true,
  fetch({ snapshot, admits }) {
    const items: number[] = [];
    for (let at = 0; at < snapshot.popularOrder.length && items.length < QUOTA; at++) {
      const item = snapshot.popularOrder[at] ?? 0;
      if (admits(item)) items.push(item);
    }
    return {
      items: Int32Array.from(items),
      scores: Float32Array.from(items, (item) => snapshot.popularPrior[item] ?? 0),
    };
  },
};
