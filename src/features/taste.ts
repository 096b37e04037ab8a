import type { CollaborativeModel, ContentModel, SparseRows } from '../registry/snapshot.js';
import type { VersionParts } from '../registry/versionParts.js';
import { type Declared, declaredIn } from './declared.js';
import { factorRow } from './factorRow.js';
import { foldIn } from './foldIn.js';
import { type Following, NOTHING_FOLLOWS, whatFollows } from './following.js';
import { type ItemScores, NO_SCORES, sumRows, type WeightedRow } from './itemScores.js';
import type { Profile } from './profile.js';
import { projectSpectral } from './spectral.js';

/** How many of the newest liked items look for their neighbours, and for their like; all of those that are equally new. */
const SEEDS = 50;

/** How much faster than in the whole profile an older item fades: half after 5 items. */
const SEED_FADING = 4;

/** The same where walks begin: they lead further, to what goes with older tastes too. */
export const GRAPH_FADING = 1;

/** The same for tags and categories: half after 10 items. */
const AFFINITY_FADING = 2;

/** From this worth on a liked item counts in full. */
const FULL_WORTH = 3;

/** What was learned of items, as tastes are read against it: the arrays of a snapshot. */
export type Catalogue = Omit<VersionParts, 'people'>;

/** What one person likes, ready to be compared with any item of one snapshot. */
export interface Taste {
  readonly profile: Profile;
  /** Collaborative vector; null for a stranger. */
  readonly vector: Float32Array | null;
  /** See `projectSpectral`; null for a stranger, and where the snapshot has no spectral model. */
  readonly spectralVector: Float32Array | null;
  /** Item index → summed similarity to the newest liked items, each weighing at most 1. */
  readonly neighbourScores: ItemScores;
  /** Item index → how many short walks from the newest liked items arrive there; empty without a graph. */
  readonly graphScores: ItemScores;
  /** What tends to come soon after the newest items; empty where the snapshot has no sequence model. */
  readonly following: Following;
  /** Mean direction of the factors of the newest liked items, at most 1 long; null when there are none. */
  readonly direction: Float32Array | null;
  /** Mean of what the newest liked items say of themselves, less what they turned down; length 1. Null when that says nothing. */
  readonly contentVector: Float32Array | null;
  /** What the newest liked item says of itself; null when there is none, or it says nothing. */
  readonly newestContent: Float32Array | null;
  /** Tag code → recency-weighted liking, scaled so that the largest magnitude is 1. */
  readonly tags: Float32Array;
  /** Category code → the same. */
  readonly categories: Float32Array;
  /** What they said they like. */
  readonly declared: Declared;
}

/** `interests` are those the person declared. */
export function buildTaste(profile: Profile, catalogue: Catalogue, interests: readonly string[]): Taste {
  const { items } = catalogue;
  const { content } = catalogue;
  const tags = new Float32Array(items.tagNames.length);
  const categories = new Float32Array(items.category.names.length);
  for (let place = 0; place < profile.items.length; place++) {
    const item = profile.items[place] ?? 0;
    const liking = (profile.worth[place] ?? 0) * (profile.recency[place] ?? 0) ** AFFINITY_FADING;
    addRow(tags, items.tags, item, liking);
    const category = items.category.codes[item] ?? -1;
    if (category >= 0) categories[category] = (categories[category] ?? 0) + liking;
  }
  const seeds = newestLiked(profile, SEED_FADING);
  return {
    profile,
    vector: foldIn(catalogue.collaborative, profile),
    spectralVector: catalogue.spectral ? projectSpectral(catalogue.spectral, profile) : null,
    neighbourScores: sumRows(catalogue.neighbours, seeds),
    graphScores: catalogue.graph ? sumRows(catalogue.graph, newestLiked(profile, GRAPH_FADING)) : NO_SCORES,
    following: catalogue.sequence ? whatFollows(catalogue.sequence, profile) : NOTHING_FOLLOWS,
    direction: direction(seeds, catalogue.collaborative),
    contentVector: content && likingInContent(content, profile),
    newestContent: content && seeds[0] ? scaleToLength(vectorAt(content, seeds[0].row)) : null,
    tags: scaleToOne(tags),
    categories: scaleToOne(categories),
    declared: declaredIn(interests, items),
  };
}

/** See `Taste.contentVector`. */
export function likingInContent(
  model: Pick<ContentModel, 'dimensions' | 'itemFactors' | 'shelf'>,
  { items, worth, recency }: Profile,
): Float32Array | null {
  const said = new Float32Array(model.dimensions);
  for (let place = 0; place < items.length; place++) {
    const row = factorRow(model, items[place] ?? 0);
    addVector(said, model.itemFactors, row, (worth[place] ?? 0) * (recency[place] ?? 0) ** AFFINITY_FADING);
  }
  return scaleToLength(said);
}

/** The `most` newest items that the person liked and what is as new as the newest, each with its weight of 0 to 1. */
export function newestLiked({ items, worth, recency }: Profile, fading: number, most: number = SEEDS): WeightedRow[] {
  const seeds: WeightedRow[] = [];
  for (let place = 0; place < items.length; place++) {
    const newness = recency[place] ?? 0;
    if (seeds.length >= most && newness < 1) break;
    const liking = Math.min(1, (worth[place] ?? 0) / FULL_WORTH);
    if (liking > 0) seeds.push({ row: items[place] ?? 0, weight: liking * newness ** fading });
  }
  return seeds;
}

function direction(
  seeds: readonly WeightedRow[],
  { dimensions: d, itemFactors }: CollaborativeModel,
): Float32Array | null {
  const sum = new Float32Array(d);
  let total = 0;
  for (const { row: item, weight } of seeds) {
    const row = itemFactors.subarray(item * d, (item + 1) * d);
    const length = Math.sqrt(row.reduce((square, factor) => square + factor * factor, 0));
    if (length === 0) continue;
    total += weight;
    for (let k = 0; k < d; k++) sum[k] = (sum[k] ?? 0) + (weight * (row[k] ?? 0)) / length;
  }
  return total > 0 ? sum.map((value) => value / total) : null;
}

function addRow(into: Float32Array, rows: SparseRows, row: number, weight: number): void {
  const end = rows.offsets[row + 1] ?? 0;
  for (let at = rows.offsets[row] ?? 0; at < end; at++) {
    const column = rows.indices[at] ?? 0;
    into[column] = (into[column] ?? 0) + weight * (rows.values[at] ?? 0);
  }
}

function addVector(into: Float32Array, vectors: Float32Array, row: number, weight: number): void {
  const start = row * into.length;
  for (let k = 0; k < into.length; k++) into[k] = (into[k] ?? 0) + weight * (vectors[start + k] ?? 0);
}

function vectorAt(model: ContentModel, item: number): Float32Array {
  const { dimensions: d, itemFactors } = model;
  const row = factorRow(model, item);
  return itemFactors.slice(row * d, (row + 1) * d);
}

/** In place; null for zeros, which have no direction. */
function scaleToLength(vector: Float32Array): Float32Array | null {
  const length = Math.sqrt(vector.reduce((square, value) => square + value * value, 0));
  if (length === 0) return null;
  for (let k = 0; k < vector.length; k++) vector[k] = (vector[k] ?? 0) / length;
  return vector;
}

function scaleToOne(values: Float32Array): Float32Array {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest > 0) for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / largest;
  return values;
}
