import type { Snapshot, SparseRows } from '../../registry/snapshot.js';
import { cosine } from '../lookup/cosine.js';
import type { Hydrator } from '../pipeline/stages.js';
import type { SimilarQuery } from '../query.js';

/** The ways in which two items can be close, each 0 to 1. */
export const CLOSENESS = ['co_visited', 'alike', 'shared_tags', 'same_category'] as const;
export type Closeness = (typeof CLOSENESS)[number];

/** How close each candidate is to the item of the query. */
export const closeness: Hydrator<SimilarQuery> = {
  name: 'closeness',
  hydrate({ snapshot, item }, { items }) {
    const measures: Readonly<Record<Closeness, (other: number) => number>> = {
      co_visited: valueIn(snapshot.neighbours, item),
      alike: (other) => Math.max(0, cosine(snapshot.collaborative, item, other)),
      shared_tags: dotWith(snapshot.items.tags, item),
      same_category: sharesCategory(snapshot, item),
    };
    return { items, columns: new Map(CLOSENESS.map((name) => [name, Float32Array.from(items, measures[name])])) };
  },
};

function rowOf({ offsets, indices, values }: SparseRows, row: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) found.set(indices[at] ?? 0, values[at] ?? 0);
  return found;
}

function valueIn(rows: SparseRows, item: number): (other: number) => number {
  const row = rowOf(rows, item);
  return (other) => row.get(other) ?? 0;
}

function dotWith(rows: SparseRows, item: number): (other: number) => number {
  const row = rowOf(rows, item);
  return (other) => {
    let dot = 0;
    for (let at = rows.offsets[other] ?? 0; at < (rows.offsets[other + 1] ?? 0); at++) {
      dot += (rows.values[at] ?? 0) * (row.get(rows.indices[at] ?? 0) ?? 0);
    }
    return Math.min(1, dot);
  };
}

function sharesCategory({ items }: Snapshot, item: number): (other: number) => number {
  const { codes } = items.category;
  const own = codes[item] ?? -1;
  return (other) => (own >= 0 && codes[other] === own ? 1 : 0);
}
