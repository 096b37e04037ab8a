import type { Snapshot, SparseRows } from '../registry/snapshot.js';
import { foldIn } from './foldIn.js';
import type { Profile } from './profile.js';

/** How many of the newest liked items look for their neighbours. */
const NEIGHBOUR_SEEDS = 50;

/** The parts of a snapshot that tastes are read against. */
export type Catalogue = Pick<Snapshot, 'items' | 'collaborative' | 'neighbours' | 'popularPrior'>;

/** What one person likes, ready to be compared with any item of one snapshot. */
export interface Taste {
  readonly profile: Profile;
  /** Collaborative vector; null for a stranger. */
  readonly vector: Float32Array | null;
  /** Item index → summed similarity to the newest liked items. */
  readonly neighbourScores: ReadonlyMap<number, number>;
  /** Tag code → recency-weighted liking, scaled so that the largest magnitude is 1. */
  readonly tags: Float32Array;
  /** Category code → the same. */
  readonly categories: Float32Array;
}

export function buildTaste(profile: Profile, catalogue: Catalogue): Taste {
  const { items } = catalogue;
  const tags = new Float32Array(items.tagNames.length);
  const categories = new Float32Array(items.category.names.length);
  for (let place = 0; place < profile.items.length; place++) {
    const item = profile.items[place] ?? 0;
    const liking = (profile.worth[place] ?? 0) * (profile.recency[place] ?? 0);
    addRow(tags, items.tags, item, liking);
    const category = items.category.codes[item] ?? -1;
    if (category >= 0) categories[category] = (categories[category] ?? 0) + liking;
  }
  return {
    profile,
    vector: foldIn(catalogue.collaborative, profile),
    neighbourScores: neighbourScores(profile, catalogue.neighbours),
    tags: scaleToOne(tags),
    categories: scaleToOne(categories),
  };
}

function neighbourScores(profile: Profile, neighbours: SparseRows): Map<number, number> {
  const scores = new Map<number, number>();
  let seeds = 0;
  for (let place = 0; place < profile.items.length && seeds < NEIGHBOUR_SEEDS; place++) {
    const worth = profile.worth[place] ?? 0;
    if (worth <= 0) continue;
    seeds++;
    const weight = worth * (profile.recency[place] ?? 0);
    const item = profile.items[place] ?? 0;
    const end = neighbours.offsets[item + 1] ?? 0;
    for (let at = neighbours.offsets[item] ?? 0; at < end; at++) {
      const other = neighbours.indices[at] ?? 0;
      scores.set(other, (scores.get(other) ?? 0) + weight * (neighbours.values[at] ?? 0));
    }
  }
  return scores;
}

function addRow(into: Float32Array, rows: SparseRows, row: number, weight: number): void {
  const end = rows.offsets[row + 1] ?? 0;
  for (let at = rows.offsets[row] ?? 0; at < end; at++) {
    const column = rows.indices[at] ?? 0;
    into[column] = (into[column] ?? 0) + weight * (rows.values[at] ?? 0);
  }
}

function scaleToOne(values: Float32Array): Float32Array {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest > 0) for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / largest;
  return values;
}
