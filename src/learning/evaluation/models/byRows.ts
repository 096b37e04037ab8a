import type { SparseRows } from '../../../registry/snapshot.js';
import type { SingleModel } from './model.js';
import { fillUp } from './popularity.js';

/** From this worth on a liked item counts in full. */
const FULL_WORTH = 3;

/**
 * Ranks by the sum of the rows of everything a person liked. `fading` is the power of an item's recency in its weight. What
 * no row names follows by popularity.
 */
export function byRows(
  { offsets, indices, values }: SparseRows,
  fading: number,
  popularOrder: Int32Array,
): SingleModel['rank'] {
  const sums = new Float64Array(popularOrder.length);
  return ({ history, seen }, depth) => {
    const touched: number[] = [];
    for (let place = 0; place < history.items.length; place++) {
      const liking = Math.min(1, (history.worth[place] ?? 0) / FULL_WORTH);
      if (liking <= 0) continue;
      const weight = liking * (history.recency[place] ?? 0) ** fading;
      const item = history.items[place] ?? 0;
      for (let at = offsets[item] ?? 0; at < (offsets[item + 1] ?? 0); at++) {
        const other = indices[at] ?? 0;
        if (sums[other] === 0) touched.push(other);
        sums[other] = (sums[other] ?? 0) + weight * (values[at] ?? 0);
      }
    }
    const best = highest(touched, sums, seen, depth);
    for (const item of touched) sums[item] = 0;
    return { items: fillUp(best, popularOrder, seen, depth), probabilities: null };
  };
}

/** By insertion: of thousands in no order few ever enter a short list. */
function highest(
  items: readonly number[],
  scores: Float64Array,
  seen: ReadonlySet<number>,
  depth: number,
): readonly number[] {
  const best: number[] = [];
  for (const item of items) {
    const score = scores[item] ?? 0;
    const last = best.at(-1) ?? 0;
    if (best.length === depth && score < (scores[last] ?? 0)) continue;
    if (seen.has(item)) continue;
    let place = best.length;
    for (; place > 0; place--) {
      const above = best[place - 1] ?? 0;
      const higher = scores[above] ?? 0;
      if (higher > score || (higher === score && above < item)) break;
    }
    if (place === depth) continue;
    best.splice(place, 0, item);
    if (best.length > depth) best.pop();
  }
  return best;
}
