import { DAY_MS } from '../../src/domain/clock.js';
import type { Item } from '../../src/domain/entities.js';
import { normal, type Random, seededRandom } from '../../src/domain/random.js';
import { itemVector } from '../../src/features/content/vector.js';
import { buildItemTable } from '../../src/registry/itemTable.js';
import type {
  ContentModel,
  Ranker,
  SegmentModel,
  SequenceModel,
  Snapshot,
  SparseRows,
} from '../../src/registry/snapshot.js';
import { openVocabulary } from '../../src/registry/vocabulary.js';

export const START = Date.UTC(2026, 4, 4, 10);

/** A catalogue whose tastes are planted: people of a group act on the items of that group and on little else. */
export interface Planted {
  readonly snapshot: Snapshot;
  readonly items: readonly Item[];
  /** Ids of the items of a group, most popular first. */
  idsOf(group: string): readonly string[];
}

export interface PlantedOptions {
  readonly tenant?: string;
  readonly version?: string;
  readonly groups?: readonly string[];
  readonly itemsPerGroup?: number;
  readonly seed?: number;
  readonly ranker?: Ranker | null;
  readonly segments?: SegmentModel | null;
}

const DIMENSIONS = 8;
const OBJECTIVE = { unobservedWeight: 0.05, regularization: 0.01, frequencyExponent: 1 };

/** Factors, neighbours and popularity written down rather than trained, so that a test knows what is true. */
export function plantSnapshot({
  tenant = 'acme',
  version = 'v1',
  groups = ['horror', 'comedy', 'family'],
  itemsPerGroup = 20,
  seed = 1,
  ranker = null,
  segments = null,
}: PlantedOptions = {}): Planted {
  const random = seededRandom(seed);
  const items = groups
    .flatMap((group) => Array.from({ length: itemsPerGroup }, (_, place) => plantItem(group, place)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const placeOf = (item: Item) => Number(item.attributes?.place ?? 0);
  const popularity = Float32Array.from(items, (item) => 1 + 2 * (itemsPerGroup - placeOf(item)));
  const table = buildItemTable(items, popularity);
  const itemFactors = plantFactors(items, groups, random);
  const most = Math.max(...popularity);
  return {
    items,
    idsOf: (group) =>
      items
        .filter(({ category }) => category === group)
        .sort((a, b) => placeOf(a) - placeOf(b))
        .map(({ id }) => id),
    snapshot: {
      version,
      tenant,
      manifest: plantManifest(tenant, version, items.length),
      items: table,
      collaborative: {
        dimensions: DIMENSIONS,
        itemFactors,
        gram: gramOf(itemFactors),
        ...OBJECTIVE,
      },
      spectral: {
        dimensions: DIMENSIONS,
        itemFactors: itemFactors.slice(),
        inputScale: new Float32Array(items.length).fill(1),
      },
      content: plantContent(items, groups),
      neighbours: plantNeighbours(items),
      segments,
      counts: null,
      graph: plantNeighbours(items),
      people: null,
      sequence: plantSequence(items),
      popularOrder: Int32Array.from(items.keys()).sort((a, b) => (popularity[b] ?? 0) - (popularity[a] ?? 0) || a - b),
      popularPrior: popularity.map((count) => count / most),
      ranker,
    },
  };
}

/** The item at a place of its group; place 0 is the most popular. */
export function plantItem(group: string, place: number): Item {
  const number = String(place).padStart(3, '0');
  return {
    id: `${group}-${number}`,
    kind: place % 2 === 0 ? 'film' : 'series',
    title: `${group} no. ${place}`,
    description: null,
    category: group,
    tags: [group, place % 2 === 0 ? 'even' : 'odd', `shelf ${place % 5}`],
    previewUrl: null,
    authorId: `author-${place % 3}`,
    attributes: { place },
    createdAt: new Date(START - place * DAY_MS),
    hiddenAt: null,
  };
}

function plantFactors(items: readonly Item[], groups: readonly string[], random: Random): Float32Array {
  const factors = new Float32Array(items.length * DIMENSIONS);
  items.forEach((item, row) => {
    const group = groups.indexOf(item.category ?? '') % DIMENSIONS;
    for (let k = 0; k < DIMENSIONS; k++) {
      factors[row * DIMENSIONS + k] = (k === group ? 0.8 : 0) + 0.05 * normal(random);
    }
  });
  return factors;
}

/** What names a group points along the axis of its factors; the rest says nothing. */
function plantContent(items: readonly Item[], groups: readonly string[]): ContentModel {
  const terms = groups.flatMap((group) => [group, `category:${group}`, `tag:${group}`]).sort();
  const axisOf = (term: string) => groups.indexOf(term.split(':').at(-1) ?? '') % DIMENSIONS;
  const projection = new Float32Array(terms.length * DIMENSIONS);
  for (const [row, term] of terms.entries()) projection[row * DIMENSIONS + axisOf(term)] = 1;
  const space = { dimensions: DIMENSIONS, vocabulary: openVocabulary(terms), projection };
  const map = new Float32Array((DIMENSIONS + 1) * DIMENSIONS);
  for (let k = 0; k < DIMENSIONS; k++) map[k * DIMENSIONS + k] = 0.8;
  return {
    ...space,
    itemFactors: Float32Array.from(items.flatMap((item) => [...itemVector(space, item)])),
    toCollaborative: map,
    toSpectral: map.slice(),
  };
}

function gramOf(factors: Float32Array): Float64Array {
  const gram = new Float64Array(DIMENSIONS * DIMENSIONS);
  for (let row = 0; row < factors.length; row += DIMENSIONS) {
    for (let i = 0; i < DIMENSIONS; i++) {
      for (let j = 0; j < DIMENSIONS; j++) {
        gram[i * DIMENSIONS + j] = (gram[i * DIMENSIONS + j] ?? 0) + (factors[row + i] ?? 0) * (factors[row + j] ?? 0);
      }
    }
  }
  return gram;
}

/** Of each item the eight nearest places of its group, 0.9 falling by a tenth. */
function plantNeighbours(items: readonly Item[]): SparseRows {
  const place = (item: Item) => Number(item.attributes?.place ?? 0);
  const rows = items.map((item) =>
    items
      .map((other, index) => ({ index, other, distance: Math.abs(place(item) - place(other)) }))
      .filter(({ other }) => other.category === item.category && other.id !== item.id)
      .sort((a, b) => a.distance - b.distance || a.index - b.index)
      .slice(0, 8),
  );
  const offsets = new Int32Array(items.length + 1);
  rows.forEach((row, at) => {
    offsets[at + 1] = (offsets[at] ?? 0) + row.length;
  });
  return {
    offsets,
    indices: Int32Array.from(rows.flat(), ({ index }) => index),
    values: Float32Array.from(rows.flatMap((row) => row.map((_, rank) => 0.9 - 0.1 * rank))),
  };
}

/** What is near in its group also follows; what follows the first two items of the first group is its third. */
function plantSequence(items: readonly Item[]): SequenceModel {
  return {
    followers: plantNeighbours(items),
    pairs: Int32Array.of(0, 1),
    pairFollowers: { offsets: Int32Array.of(0, 1), indices: Int32Array.of(2), values: Float32Array.of(0.8) },
  };
}

function plantManifest(tenant: string, id: string, items: number): Snapshot['manifest'] {
  return {
    formatVersion: 1,
    id,
    tenant,
    parent: null,
    createdAt: new Date(START).toISOString(),
    codeVersion: 'test',
    seed: 1,
    window: { from: null, until: new Date(START).toISOString() },
    counts: { users: 0, items, events: 0 },
    collaborative: { dimensions: DIMENSIONS, ...OBJECTIVE },
    parameters: {},
    tuned: [],
    metrics: {},
    features: [],
    artefacts: {},
  };
}
