import type { Snapshot } from '../../../registry/snapshot.js';
import type { SingleModel } from './model.js';

/** The same for everyone: what is popular, without what they have seen. */
export function popularity(snapshot: Pick<Snapshot, 'popularOrder'>): SingleModel {
  return {
    name: 'popularity',
    rank: ({ seen }, depth) => ({ items: fillUp([], snapshot.popularOrder, seen, depth), probabilities: null }),
  };
}

/** `first`, then the most popular of the rest, up to `depth`: what a model answers where it knows nothing. */
export function fillUp(
  first: readonly number[],
  popularOrder: Int32Array,
  seen: ReadonlySet<number>,
  depth: number,
): Int32Array {
  const items = first.slice(0, depth);
  const taken = new Set(items);
  for (let at = 0; at < popularOrder.length && items.length < depth; at++) {
    const item = popularOrder[at] ?? 0;
    if (!seen.has(item) && !taken.has(item)) items.push(item);
  }
  return Int32Array.from(items);
}
