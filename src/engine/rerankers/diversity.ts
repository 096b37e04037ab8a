import type { Reranker } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';
import { likenessWithin } from './likeness.js';
import { unburied } from './unburied.js';

/** How much of the head of the list may be reordered: at least so many, and so many times what is shown. */
const POOL = 60;
const POOL_FACTOR = 2;

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): each place that is shown goes to the candidate with the
 * largest (1 − λ) · relevance − λ · likeness to the closest one above it. Relevance is the score scaled to 0..1 over the head
 * of the list, λ is the query's `diversity`. What is not chosen follows in the order it had.
 */
export const diversity: Reranker<RankingQuery> = {
  name: 'diversity',
  rerank({ snapshot, diversity, first, rules }, { items }, { order, scores }) {
    const size = Math.min(Math.max(POOL, POOL_FACTOR * first), unburied(rules, items, order));
    if (diversity <= 0 || size < 2) return { order, scores, moved: new Map() };
    const pool = order.subarray(0, size);
    const { raise } = likenessWithin(
      snapshot,
      pool.map((row) => items[row] ?? 0),
    );
    const relevance = scaled(pool, scores);
    const closest = new Float32Array(size);
    const taken = new Uint8Array(size);
    const result = order.slice();
    const moved = new Map<number, string>();
    const places = Math.min(first, size);
    for (let to = 0; to < places; to++) {
      const from = bestOf(relevance, closest, taken, diversity);
      const row = pool[from] ?? 0;
      taken[from] = 1;
      result[to] = row;
      if (from !== to) moved.set(row, `diversity: position ${from} to ${to}`);
      raise(closest, from);
    }
    let to = places;
    for (let from = 0; from < size; from++) if (taken[from] === 0) result[to++] = pool[from] ?? 0;
    return { order: result, scores, moved };
  },
};

/** The open place of the pool with the largest marginal relevance; of equal ones the first. */
function bestOf(relevance: Float32Array, closest: Float32Array, taken: Uint8Array, lambda: number): number {
  let best = -1;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < relevance.length; place++) {
    if (taken[place] === 1) continue;
    const value = (1 - lambda) * (relevance[place] ?? 0) - lambda * (closest[place] ?? 0);
    if (value > bestValue) {
      best = place;
      bestValue = value;
    }
  }
  return best;
}

/** The scores of the rows, their range stretched to 0..1. */
function scaled(rows: Int32Array, scores: Float32Array): Float32Array {
  const values = Float32Array.from(rows, (row) => scores[row] ?? 0);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high - low;
  return values.map((value) => (range > 0 ? (value - low) / range : 1));
}
