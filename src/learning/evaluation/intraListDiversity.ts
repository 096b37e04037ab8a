import type { ItemTable } from '../../registry/snapshot.js';

/**
 * Mean distance of the pairs of one list (Ziegler et al. 2005), 0 to 1. The distance of two items is the mean of what is
 * known of both: 1 − cosine of their tags, and 0 or 1 by whether they share a category. NaN when no pair has either.
 */
export function intraListDiversity({ tags, category }: Pick<ItemTable, 'tags' | 'category'>, list: Int32Array): number {
  let sum = 0;
  let pairs = 0;
  for (const [place, a] of list.entries()) {
    const own = new Map<number, number>();
    for (let at = tags.offsets[a] ?? 0; at < (tags.offsets[a + 1] ?? 0); at++) {
      if ((tags.values[at] ?? 0) > 0) own.set(tags.indices[at] ?? 0, tags.values[at] ?? 0);
    }
    const kind = category.codes[a] ?? -1;
    for (const b of list.subarray(place + 1)) {
      let cosine = 0;
      let tagged = false;
      for (let at = tags.offsets[b] ?? 0; at < (tags.offsets[b + 1] ?? 0); at++) {
        const value = tags.values[at] ?? 0;
        tagged ||= value > 0;
        cosine += value * (own.get(tags.indices[at] ?? 0) ?? 0);
      }
      const other = category.codes[b] ?? -1;
      const distances: number[] = [];
      if (tagged && own.size > 0) distances.push(1 - Math.min(1, cosine));
      if (kind >= 0 && other >= 0) distances.push(kind === other ? 0 : 1);
      if (distances.length === 0) continue;
      sum += distances.reduce((total, distance) => total + distance, 0) / distances.length;
      pairs++;
    }
  }
  return pairs === 0 ? Number.NaN : sum / pairs;
}
