import type { ItemTable } from '../../registry/snapshot.js';
import { keepBest } from '../../retrieval/best.js';
import type { Postings } from '../../retrieval/postings.js';
import type { Source } from '../pipeline/stages.js';
import type { SimilarQuery } from '../query.js';

const QUOTA = 150;

/** Items with the same tags, rare ones counting more. Finds items nobody has touched yet. */
export function sharedTags(postingsOf: (items: ItemTable) => Postings): Source<SimilarQuery> {
  return {
    name: 'sharedTags',
    quota: QUOTA,
    deadlineMs: 100,
    enabled: () => true,
    fetch({ snapshot: { items }, item, admits }) {
      const { offsets, indices, values } = items.tags;
      const weights = new Map<number, number>();
      for (let at = offsets[item] ?? 0; at < (offsets[item + 1] ?? 0); at++) {
        weights.set(indices[at] ?? 0, values[at] ?? 0);
      }
      const best = keepBest(QUOTA);
      postingsOf(items).gather(weights, (other, score) => {
        if (admits(other)) best.offer(other, score);
      });
      return best.take();
    },
  };
}
