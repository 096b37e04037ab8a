import type { Candidates } from '../../domain/candidates.js';
import type { Snapshot } from '../../registry/snapshot.js';
import type { Reranker } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

/** How much of the head of the list may be reordered: at least so many, and so many times what is wanted. */
const POOL = 60;
const POOL_FACTOR = 2;
/** What a shared category adds to the likeness of two items; the rest is the cosine of their factors. */
const CATEGORY_SHARE = 0.4;

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): each place goes to the candidate with the largest
 * (1 − λ) · relevance − λ · likeness to the closest one above it. Relevance is the score scaled to 0..1 over the head
 * of the list, λ is the query's `diversity`. What is not chosen follows in the order it had.
 */
export const diversity: Reranker<RankingQuery> = {
  name: 'diversity',
  rerank({ snapshot, diversity, count }, candidates, { order, scores }) {
    const pool = order.subarray(0, Math.max(POOL, POOL_FACTOR * count));
    if (diversity <= 0 || pool.length < 2) return { order, scores, moved: new Map() };
    const chosen = choose(pool, scores, diversity, Math.min(count, pool.length), likeness(snapshot, candidates, pool));
    const taken = new Uint8Array(pool.length);
    for (const place of chosen) taken[place] = 1;
    const head = [...chosen, ...Array.from(pool.keys()).filter((place) => taken[place] === 0)];
    const result = order.slice();
    const moved = new Map<number, string>();
    head.forEach((from, to) => {
      const row = pool[from] ?? 0;
      result[to] = row;
      if (from !== to && to < count) moved.set(row, `diversity: position ${from} to ${to}`);
    });
    return { order: result, scores, moved };
  },
};

/** Places in the pool, in the order they are chosen. */
function choose(
  pool: Int32Array,
  scores: Float32Array,
  lambda: number,
  count: number,
  likenessOf: (a: number, b: number) => number,
): number[] {
  const relevance = scaled(Float32Array.from(pool, (row) => scores[row] ?? 0));
  const closest = new Float32Array(pool.length);
  const open = new Set(pool.keys());
  const chosen: number[] = [];
  while (chosen.length < count) {
    let best = -1;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (const place of open) {
      const value = (1 - lambda) * (relevance[place] ?? 0) - lambda * (closest[place] ?? 0);
      if (value > bestValue) {
        best = place;
        bestValue = value;
      }
    }
    open.delete(best);
    chosen.push(best);
    for (const place of open) closest[place] = Math.max(closest[place] ?? 0, likenessOf(best, place));
  }
  return chosen;
}

function scaled(values: Float32Array): Float32Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high - low;
  return values.map((value) => (range > 0 ? (value - low) / range : 1));
}

/** Likeness of two places of the pool, 0 to 1. */
function likeness(
  { collaborative, items }: Snapshot,
  candidates: Candidates,
  pool: Int32Array,
): (a: number, b: number) => number {
  const { dimensions: d, itemFactors } = collaborative;
  const itemAt = Int32Array.from(pool, (row) => candidates.items[row] ?? 0);
  const rows = new Float32Array(pool.length * d);
  itemAt.forEach((item, place) => {
    let square = 0;
    for (let k = 0; k < d; k++) square += (itemFactors[item * d + k] ?? 0) ** 2;
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let k = 0; k < d; k++) rows[place * d + k] = (itemFactors[item * d + k] ?? 0) * scale;
  });
  const category = itemAt.map((item) => items.category.codes[item] ?? -1);
  return (a, b) => {
    let cosine = 0;
    for (let k = 0; k < d; k++) cosine += (rows[a * d + k] ?? 0) * (rows[b * d + k] ?? 0);
    const shared = category[a] === category[b] && (category[a] ?? -1) >= 0 ? CATEGORY_SHARE : 0;
    return shared + (1 - CATEGORY_SHARE) * Math.max(0, cosine);
  };
}
