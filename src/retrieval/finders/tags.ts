import { keepBest } from '../best.js';
import type { Finder } from '../finder.js';

/** The tags a person likes best, so many of them, are looked for. */
const TAGS = 8;

/** Items with the tags the person likes best. */
export const tags: Finder = {
  name: 'tags',
  quota: 100,
  enabled: ({ taste }) => taste.tags.some((liking) => liking > 0),
  find({ taste, catalogue, masked }, { postingsOf }) {
    const best = keepBest(this.quota);
    const liked = keepBest(TAGS);
    taste.tags.forEach((liking, tag) => {
      if (liking > 0) liked.offer(tag, liking);
    });
    const top = liked.take();
    const weights = new Map([...top.items].map((tag, at) => [tag, top.scores[at] ?? 0]));
    postingsOf(catalogue.items).gather(weights, (item, score) => {
      if (masked[item] === 0) best.offer(item, score);
    });
    return best.take();
  },
};
