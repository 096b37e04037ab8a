import type { Snapshot, SparseRows } from '../../registry/snapshot.js';
import { cosine } from '../lookup/cosine.js';
import { dotWith, rowOf } from '../lookup/sparse.js';
import type { Hydrator } from '../pipeline/stages.js';
import type { SimilarQuery } from '../query.js';

/** The ways in which two items can be close, each 0 to 1. */
export const CLOSENESS = ['co_visited', 'alike', 'shared_tags', 'content', 'same_category', 'agreement'] as const;
export type Closeness = (typeof CLOSENESS)[number];

/** How close each candidate is to the item of the query. */
export const closeness: Hydrator<SimilarQuery> = {
  name: 'closeness',
  hydrate({ snapshot, item }, { items }) {
    const coVisited = rootIn(snapshot.neighbours, item);
    const alike = (other: number) => Math.max(0, cosine(snapshot.collaborative, item, other));
    const sharedTags = dotWith(snapshot.items.tags, item);
    const measures: Readonly<Record<Closeness, (other: number) => number>> = {
      co_visited: coVisited,
      alike,
      shared_tags: sharedTags,
      content: saysTheSame(snapshot, item),
      same_category: sharesCategory(snapshot, item),
      // High only where what people did and what the items are say the same.
      agreement: (other) => Math.sqrt(((coVisited(other) + alike(other)) / 2) * sharedTags(other)),
    };
    return { items, columns: new Map(CLOSENESS.map((name) => [name, Float32Array.from(items, measures[name])])) };
  },
};

/** Similarities by co-visitation crowd near 0; the root spreads them like the other measures. */
function rootIn(rows: SparseRows, item: number): (other: number) => number {
  const row = rowOf(rows, item);
  return (other) => Math.sqrt(row.get(other) ?? 0);
}

function saysTheSame({ content }: Snapshot, item: number): (other: number) => number {
  if (content === null) return () => 0;
  return (other) => Math.max(0, cosine(content, item, other));
}

function sharesCategory({ items }: Snapshot, item: number): (other: number) => number {
  const { codes } = items.category;
  const own = codes[item] ?? -1;
  return (other) => (own >= 0 && codes[other] === own ? 1 : 0);
}
