import type { Finder } from '../finder.js';

/** What is new. Whoever nobody has met yet is found by it, whatever they say of themselves. */
export const fresh: Finder = {
  name: 'fresh',
  quota: 50,
  enabled: () => true,
  find({ catalogue, masked }, { newestOf }) {
    const items: number[] = [];
    for (const item of newestOf(catalogue.items)) {
      if (items.length === this.quota) break;
      if (masked[item] === 0) items.push(item);
    }
    return { items: Int32Array.from(items), scores: Float32Array.from(items, (_, rank) => 1 / (1 + rank)) };
  },
};
