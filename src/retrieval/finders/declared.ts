import { declaredFit } from '../../features/declared.js';
import { newcomerShare, popularityFor } from '../../features/newcomers.js';
import { keepBest } from '../best.js';
import type { Finder } from '../finder.js';

/** How far down the list of popular items is looked for those that fit. */
const DEPTH = 20_000;
/** With a longer profile than this what a person does says more than what they once declared. */
const LONGEST_PROFILE = 20;

/** Popular items that fit the interests a person declared, while little else is known of them. */
export const declared: Finder = {
  name: 'declared',
  quota: 100,
  enabled: ({
    taste: {
      profile,
      declared: { categories, tags },
    },
  }) => categories.size + tags.size > 0 && profile.items.length <= LONGEST_PROFILE,
  find({ taste, catalogue, setting, masked }) {
    const popularityOf = popularityFor(newcomerShare(taste.profile), catalogue, setting);
    const best = keepBest(this.quota);
    let found = 0;
    const { popularOrder } = catalogue;
    for (let at = 0; at < Math.min(DEPTH, popularOrder.length) && found < this.quota; at++) {
      const item = popularOrder[at] ?? 0;
      const fit = declaredFit(taste.declared, catalogue.items, item);
      if (fit === 0 || masked[item] !== 0) continue;
      found++;
      best.offer(item, fit * popularityOf(item));
    }
    return best.take();
  },
};
