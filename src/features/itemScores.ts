import type { SparseRows } from '../registry/snapshot.js';

/** A score for some of the items, each once. */
export interface ItemScores {
  readonly items: Int32Array;
  readonly scores: Float32Array;
  /** 0 for an item that has none. */
  scoreOf(item: number): number;
}

/** A row of a matrix and what it counts. */
export interface WeightedRow {
  readonly row: number;
  readonly weight: number;
}

export const NO_SCORES: ItemScores = { items: new Int32Array(0), scores: new Float32Array(0), scoreOf: () => 0 };

/**
 * Σ weight · row. Scores stand in a table with open addressing, at most half full: a `Map` of as many takes ten times as
 * long to fill.
 */
export function sumRows({ offsets, indices, values }: SparseRows, rows: readonly WeightedRow[]): ItemScores {
  let most = 0;
  for (const { row } of rows) most += (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
  if (most === 0) return NO_SCORES;
  const mask = 2 ** Math.ceil(Math.log2(2 * most)) - 1;
  /** 1 + the place of the item that stands here; 0 where none does. */
  const table = new Int32Array(mask + 1);
  const items = new Int32Array(most);
  const scores = new Float32Array(most);
  let count = 0;
  /** Where the item stands, or would. */
  const find = (item: number): number => {
    let at = Math.imul(item, 0x9e3779b1) & mask;
    for (let known = table[at] ?? 0; known !== 0 && items[known - 1] !== item; known = table[at] ?? 0) {
      at = (at + 1) & mask;
    }
    return at;
  };
  for (const { row, weight } of rows) {
    const end = offsets[row + 1] ?? 0;
    for (let entry = offsets[row] ?? 0; entry < end; entry++) {
      const item = indices[entry] ?? 0;
      const at = find(item);
      let place = (table[at] ?? 0) - 1;
      if (place < 0) {
        place = count++;
        table[at] = count;
        items[place] = item;
      }
      scores[place] = (scores[place] ?? 0) + weight * (values[entry] ?? 0);
    }
  }
  return {
    items: items.subarray(0, count),
    scores: scores.subarray(0, count),
    scoreOf: (item) => {
      const place = table[find(item)] ?? 0;
      return place === 0 ? 0 : (scores[place - 1] ?? 0);
    },
  };
}
