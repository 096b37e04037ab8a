import type { Finder } from '../finder.js';

/** What is popular with everyone. Goes down its list until the quota is full, so that no filter leaves it empty-handed. */
export const popular: Finder = {
  name: 'popular',
  quota: 200,
  enabled: () => true,
  find({ catalogue, admits }) {
    const { popularOrder, popularPrior } = catalogue;
    const items: number[] = [];
    for (let at = 0; at < popularOrder.length && items.length < this.quota; at++) {
      const item = popularOrder[at] ?? 0;
      if (admits(item)) items.push(item);
    }
    return {
      items: Int32Array.from(items),
      scores: Float32Array.from(items, (item) => popularPrior[item] ?? 0),
    };
  },
};
