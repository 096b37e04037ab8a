import type { SequenceModel } from '../registry/snapshot.js';
import { type ItemScores, NO_SCORES, sumRows, type WeightedRow } from './itemScores.js';
import type { Profile } from './profile.js';
import { POSITIVE_WORTH } from './worth.js';

/** So many of the newest items say what may follow; of the pairs among the first few of them, those that are contexts. */
const NEWEST = 30;
const NEWEST_IN_PAIRS = 5;

/** How much faster than in the whole profile an older item fades: half after 5 items. */
const FADING = 4;

/** What an item that was merely looked at, and one that was turned down, count as something that is followed. */
const MET = 0.5;
const TURNED_DOWN = 0.3;

/** Item index → how soon and how often it follows what the person met last. */
export interface Following {
  /** First order: the rows of the newest items, summed, newer ones weighing more. */
  readonly items: ItemScores;
  /** Second order: the same over pairs of the newest items. Empty where no pair is a context. */
  readonly pairs: ItemScores;
}

export const NOTHING_FOLLOWS: Following = { items: NO_SCORES, pairs: NO_SCORES };

/**
 * What an item counts as the one before, in training as in serving: even what was turned down says where a person stood.
 */
export function leadWeight(worth: number): number {
  if (worth >= POSITIVE_WORTH) return 1;
  return worth > 0 ? MET : TURNED_DOWN;
}

export function whatFollows(model: SequenceModel, { items, worth, recency }: Profile): Following {
  const count = Math.min(NEWEST, items.length);
  const weights = Float32Array.from(
    { length: count },
    (_, place) => leadWeight(worth[place] ?? 0) * (recency[place] ?? 0) ** FADING,
  );
  const newest = Array.from(weights, (weight, place) => ({ row: items[place] ?? 0, weight }));
  const contexts: WeightedRow[] = [];
  for (let newer = 0; newer < Math.min(NEWEST_IN_PAIRS, count); newer++) {
    for (let older = newer + 1; older < Math.min(NEWEST_IN_PAIRS, count); older++) {
      const row = rowOf(model.pairs, items[newer] ?? 0, items[older] ?? 0);
      if (row >= 0) contexts.push({ row, weight: Math.min(weights[newer] ?? 0, weights[older] ?? 0) });
    }
  }
  return { items: sumRows(model.followers, newest), pairs: sumRows(model.pairFollowers, contexts) };
}

/** Where the pair stands among the rising pairs, or -1. */
function rowOf(pairs: Int32Array, a: number, b: number): number {
  const [first, second] = [Math.min(a, b), Math.max(a, b)];
  let low = 0;
  let high = pairs.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const difference = (pairs[2 * middle] ?? 0) - first || (pairs[2 * middle + 1] ?? 0) - second;
    if (difference === 0) return middle;
    if (difference < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}
