// Metrics of one ranked list against the set of items that were right. `ranked` holds no item twice; only its first k count.
// All are 0 to 1, and 0 when nothing was right.

/** Share of the right items among the first k. */
export function recallAt(k: number, ranked: ArrayLike<number>, right: ReadonlySet<number>): number {
  return right.size === 0 ? 0 : hits(k, ranked, right) / right.size;
}

/** 1 when one of the first k is right: the hit rate of one list. */
export function hitAt(k: number, ranked: ArrayLike<number>, right: ReadonlySet<number>): number {
  return hits(k, ranked, right) > 0 ? 1 : 0;
}

/** Reciprocal rank of the first right item. */
export function reciprocalRank(ranked: ArrayLike<number>, right: ReadonlySet<number>): number {
  for (let place = 0; place < ranked.length; place++) if (right.has(ranked[place] ?? -1)) return 1 / (place + 1);
  return 0;
}

/** Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002) of 0/1 gains; the ideal list is cut at min(k, |right|). */
export function ndcgAt(k: number, ranked: ArrayLike<number>, right: ReadonlySet<number>): number {
  let gain = 0;
  for (let place = 0; place < Math.min(k, ranked.length); place++) {
    if (right.has(ranked[place] ?? -1)) gain += 1 / Math.log2(place + 2);
  }
  let ideal = 0;
  for (let place = 0; place < Math.min(k, right.size); place++) ideal += 1 / Math.log2(place + 2);
  return ideal === 0 ? 0 : gain / ideal;
}

function hits(k: number, ranked: ArrayLike<number>, right: ReadonlySet<number>): number {
  let count = 0;
  for (let place = 0; place < Math.min(k, ranked.length); place++) if (right.has(ranked[place] ?? -1)) count++;
  return count;
}
