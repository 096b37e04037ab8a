import type { ItemTable } from '../../registry/snapshot.js';
import { keepBest } from '../lookup/best.js';
import type { Postings } from '../lookup/postings.js';
import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

const QUOTA = 100;
const TAGS = 8;

/** Items with the tags the person likes best. The one source that finds items nobody has touched yet. */
export function content(postingsOf: (items: ItemTable) => Postings): Source<RankingQuery> {
  return {
    name: 'content',
    quota: QUOTA,
    deadlineMs: 100,
    enabled: ({ person }) => person.taste.tags.some((liking) => liking > 0),
    fetch({ snapshot, person, admits }) {
      const best = keepBest(QUOTA);
      const liked = keepBest(TAGS);
      person.taste.tags.forEach((liking, tag) => {
        if (liking > 0) liked.offer(tag, liking);
      });
      const top = liked.take();
      const weights = new Map([...top.items].map((tag, at) => [tag, top.scores[at] ?? 0]));
      postingsOf(snapshot.items).gather(weights, (item, score) => {
        if (admits(item)) best.offer(item, score);
      });
      return best.take();
    },
  };
}
