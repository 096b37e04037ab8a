import type { Found } from '../domain/candidates.js';
import type { ItemScores } from '../features/itemScores.js';

/** The `count` best of what is offered. */
export interface Best {
  offer(item: number, score: number): void;
  /** Best first, then by rising item. Ends the offering. */
  take(): Found;
}

/** A bounded heap whose top is the worst kept: n offers cost n log count at most, and mostly one comparison each. */
export function keepBest(count: number): Best {
  const items = new Int32Array(count);
  const scores = new Float32Array(count);
  let size = 0;

  /** Moves the hole at `at` towards the top until the newcomer is not worse than what is above it. */
  const rise = (start: number, item: number, score: number) => {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isWorse(item, score, items[parent] ?? 0, scores[parent] ?? 0)) break;
      items[at] = items[parent] ?? 0;
      scores[at] = scores[parent] ?? 0;
      at = parent;
    }
    items[at] = item;
    scores[at] = score;
  };
  /** Moves the hole at the top down until what is below it is not worse than the newcomer. */
  const sink = (item: number, score: number) => {
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      const rightIsWorse =
        right < size && isWorse(items[right] ?? 0, scores[right] ?? 0, items[child] ?? 0, scores[child] ?? 0);
      const worst = rightIsWorse ? right : child;
      if (!isWorse(items[worst] ?? 0, scores[worst] ?? 0, item, score)) break;
      items[at] = items[worst] ?? 0;
      scores[at] = scores[worst] ?? 0;
      at = worst;
    }
    items[at] = item;
    scores[at] = score;
  };

  return {
    offer(item, given) {
      // What is kept has 32 bits: compared with more, a newcomer could win against itself.
      const score = Math.fround(given);
      if (size < count) rise(size++, item, score);
      else if (count > 0 && isWorse(items[0] ?? 0, scores[0] ?? 0, item, score)) sink(item, score);
    },
    take() {
      const found = { items: new Int32Array(size), scores: new Float32Array(size) };
      while (size > 0) {
        size--;
        found.items[size] = items[0] ?? 0;
        found.scores[size] = scores[0] ?? 0;
        // The last of the heap goes where the worst stood.
        if (size > 0) sink(items[size] ?? 0, scores[size] ?? 0);
      }
      return found;
    },
  };
}

/** The `count` best of the scored items that are not masked. */
export function bestOf({ items, scores }: ItemScores, masked: Uint8Array, count: number): Found {
  const best = keepBest(count);
  for (let at = 0; at < items.length; at++) {
    const item = items[at] ?? 0;
    if (masked[item] === 0) best.offer(item, scores[at] ?? 0);
  }
  return best.take();
}

function isWorse(item: number, score: number, otherItem: number, otherScore: number): boolean {
  return score < otherScore || (score === otherScore && item > otherItem);
}
