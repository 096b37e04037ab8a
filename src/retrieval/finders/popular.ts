import { newcomerShare, popularityFor } from '../../features/newcomers.js';
import { segmentLift } from '../../features/segmentLift.js';
import { NEWCOMER } from '../../features/setting.js';
import { keepBest } from '../best.js';
import type { Finder, FindRequest } from '../finder.js';

/** How many times the quota of the popular items is looked through for those that suit the moment. */
const DEPTH = 3;

/**
 * What is popular: with everyone, at moments like this one, and with people who come new the less is known of the person.
 * Goes down the list of everyone until the quota is full, so that no filter leaves it empty-handed.
 */
export const popular: Finder = {
  name: 'popular',
  quota: 200,
  enabled: () => true,
  find(request) {
    const { catalogue, masked } = request;
    const { popularOrder, popularPrior } = catalogue;
    const weigh = weigher(request);
    const best = keepBest(this.quota);
    const offered = new Set<number>();
    const offer = (item: number) => {
      if (offered.has(item) || masked[item] !== 0) return;
      offered.add(item);
      best.offer(item, weigh(item));
    };
    for (let at = 0; at < popularOrder.length && offered.size < DEPTH * this.quota; at++) offer(popularOrder[at] ?? 0);
    for (const item of liftedItems(request)) if ((popularPrior[item] ?? 0) > 0) offer(item);
    return best.take();
  },
};

/** Popularity by everything known of the moment: each segment multiplies the share of the item. */
function weigher({ taste, catalogue, setting }: FindRequest): (item: number) => number {
  const { segments, items } = catalogue;
  const popularityOf = popularityFor(newcomerShare(taste.profile), catalogue, setting);
  if (segments === null) return popularityOf;
  const rows = [...setting].flatMap(([kind, row]) => (kind === NEWCOMER ? [] : [row]));
  return (item) => {
    const category = items.category.codes[item] ?? -1;
    let lift = 0;
    for (const row of rows) lift += segmentLift(segments, row, item, category);
    return popularityOf(item) * Math.exp(lift);
  };
}

function* liftedItems({ catalogue, setting }: FindRequest): Generator<number> {
  if (catalogue.segments === null) return;
  const { offsets, indices, values } = catalogue.segments.items;
  for (const row of setting.values()) {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
      if ((values[at] ?? 0) > 0) yield indices[at] ?? 0;
    }
  }
}
