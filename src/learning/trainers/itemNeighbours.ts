import { covisits, type Visits } from '../../kernels/covisits.js';
import type { KernelPool } from '../../kernels/pool.js';
import type { SparseRows } from '../../registry/snapshot.js';
import type { Interactions } from '../examples/interactions.js';
import { transpose } from '../examples/transpose.js';
import type { SearchSpace } from '../tuning/space.js';
import { toSparseRows } from './sparseRows.js';

export interface NeighbourParameters {
  /** The most neighbours of one item. */
  readonly width: number;
  /**
   * How much a neighbour pays for its popularity: 0.5 is cosine, 0 the conditional probability of the neighbour given the
   * item, 1 that of the item given the neighbour.
   */
  readonly popularityExponent: number;
  /** Pairs met by few people are pulled towards 0: co becomes co² / (co + shrinkage). */
  readonly shrinkage: number;
  /** A pair counts half when its items are this many places apart in a person's history. */
  readonly halfLifePlaces: number;
  /** Only a person's newest items count, so that the cost stays linear in the events. */
  readonly historyLimit: number;
}

/** Chosen on time-split validation of MovieLens latest-small and on Gowalla. */
export const NEIGHBOUR_DEFAULTS: NeighbourParameters = {
  width: 150,
  popularityExponent: 0.4,
  shrinkage: 3,
  halfLifePlaces: 30,
  historyLimit: 500,
};

export const NEIGHBOUR_SPACE: SearchSpace<NeighbourParameters> = {
  popularityExponent: [0.2, 0.3, 0.4, 0.5, 0.6],
  shrinkage: [0, 1, 3, 10, 30],
  halfLifePlaces: [5, 10, 30, 100, 300],
};

/** From this worth on a visit counts in full; below it in proportion. */
const FULL_WORTH = 3;

/**
 * Item-to-item similarity by co-visitation (Linden, Smith, York 2003; Deshpande and Karypis 2004), values 0 to 1:
 *
 *     sim(i, j) = co · co / (co + shrinkage) / (n_i^(1−e) · n_j^e),   n = Σ w,   co = Σ_people min(w_i, w_j) · 0.5^(gap / halfLife)
 *
 * where w is a person's positive worth, scaled to 1 and damped for people who met a great deal, and `gap` is how far apart
 * the two stand in their history.
 */
export async function trainItemNeighbours(options: {
  readonly interactions: Interactions;
  readonly parameters: NeighbourParameters;
  readonly pool: KernelPool;
}): Promise<SparseRows> {
  const { interactions, parameters, pool } = options;
  const { itemCount } = interactions;
  const byPerson = positiveVisits(interactions, parameters.historyLimit);
  const turned = transpose(byPerson.offsets, byPerson.columns, itemCount);
  const byItem: Visits = {
    offsets: turned.offsets,
    columns: turned.rows,
    weights: Float32Array.from(turned.order, (entry) => byPerson.weights[entry] ?? 0),
    places: Int32Array.from(turned.order, (entry) => byPerson.places[entry] ?? 0),
  };
  const masses = new Float32Array(itemCount);
  for (let entry = 0; entry < byPerson.columns.length; entry++) {
    const item = byPerson.columns[entry] ?? 0;
    masses[item] = (masses[item] ?? 0) + (byPerson.weights[entry] ?? 0);
  }
  const { width, popularityExponent, shrinkage, halfLifePlaces } = parameters;
  const mostOfOne = Math.min(width, Math.max(1, itemCount));
  const found = await covisits(pool, {
    byItem,
    byPerson,
    rowNorms: masses.map((mass) => mass ** (1 - popularityExponent)),
    columnNorms: masses.map((mass) => mass ** popularityExponent),
    decay: Float32Array.from({ length: Math.ceil(10 * halfLifePlaces) }, (_, gap) => 0.5 ** (gap / halfLifePlaces)),
    shrinkage,
    width: mostOfOne,
  });
  return toSparseRows(found, mostOfOne);
}

function positiveVisits({ userCount, offsets, items, worth, places }: Interactions, historyLimit: number): Visits {
  const columns = new Int32Array(items.length);
  const weights = new Float32Array(items.length);
  const stands = new Int32Array(items.length);
  const ends = new Int32Array(userCount + 1);
  let next = 0;
  for (let user = 0; user < userCount; user++) {
    const first = next;
    for (let at = offsets[user] ?? 0; at < (offsets[user + 1] ?? 0) && next - first < historyLimit; at++) {
      const liking = worth[at] ?? 0;
      if (liking <= 0) continue;
      columns[next] = items[at] ?? 0;
      weights[next] = Math.min(1, liking / FULL_WORTH);
      stands[next] = places[at] ?? 0;
      next++;
    }
    const damping = 1 / Math.log2(2 + (next - first) / 50);
    for (let place = first; place < next; place++) weights[place] = damping * (weights[place] ?? 0);
    ends[user + 1] = next;
  }
  return {
    offsets: ends,
    columns: columns.slice(0, next),
    weights: weights.slice(0, next),
    places: stands.slice(0, next),
  };
}
