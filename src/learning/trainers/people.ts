import { seededRandom } from '../../domain/random.js';
import { bestProducts } from '../../kernels/bestProducts.js';
import type { KernelPool } from '../../kernels/pool.js';
import type { SparseMatrix } from '../../kernels/subspace.js';
import { buildPeopleTable } from '../../registry/peopleTable.js';
import type { PeopleModel, SparseRows } from '../../registry/snapshot.js';
import { breathe } from '../breathe.js';
import type { Interactions } from '../examples/interactions.js';
import type { SocialData } from '../examples/social.js';
import { followees, friendSteps, identity, plus, rowMasses, scaleRows, takingEdges, turned } from './graphEdges.js';
import { sampleRows } from './sampleRows.js';

export interface PeopleParameters {
  /** The most people one person leads to. */
  readonly width: number;
  /** Steps from person to person. */
  readonly steps: number;
  /** How probable it is that a walk takes another step. */
  readonly goOn: number;
  /** How probable it is that a step goes to someone of the same taste, for a person who has friends. */
  readonly tasteShare: number;
  /** A person's closest by taste, so many of them, are where such a step may go. */
  readonly mates: number;
  /** How much an item pays for being taken to by many. */
  readonly itemExponent: number;
  /** Only a person's newest items count, so that the cost stays linear in the events. */
  readonly historyLimit: number;
  /** Weight of the edge between an item and who wrote it, beside 1 for someone who took to it. */
  readonly authorWeight: number;
}

export const PEOPLE_DEFAULTS: PeopleParameters = {
  width: 48,
  steps: 4,
  goOn: 0.7,
  tasteShare: 0.2,
  mates: 50,
  itemExponent: 0.5,
  historyLimit: 200,
  authorWeight: 1,
};

/** A walk sees so many friends of a person and takers of an item. */
const FRIENDS = 100;
const TAKERS = 256;
/** And keeps so many places on its way, fewer where people are so many that they would take more than 256 MB. */
const PLACES = 128;
const MOST_PLACES = 2 ** 25;
/** Kept of each item's takers, for people that a version does not know. */
const KEPT_TAKERS = 32;

/**
 * Who is close to whom: where walks from person to person arrive, each step along a follow, either way, or to someone who
 * took to the same things or the work of the same authors (random walk with restart: Tong, Faloutsos, Pan 2006), in closed
 * form over a few steps:
 *
 *     near = best of Σ_k (g W)^k,   W = (1 − t) F + t Q,   Q = best of D_u^−1 R D_i^−a Rᵀ
 *
 * with follows F, what people took to R and degrees D; rows of W sum to 1. Whom a person follows already is left out of
 * their row. Linear in events and follows. The same seed
 * gives the same bits on any number of threads. Null where there is nobody.
 */
export async function trainPeople(options: {
  readonly interactions: Interactions;
  readonly social: SocialData;
  readonly parameters: PeopleParameters;
  readonly seed: number;
  readonly pool: KernelPool;
  readonly onStep?: (step: number) => void;
}): Promise<PeopleModel | null> {
  const { interactions, social, parameters, seed, pool, onStep = () => {} } = options;
  const { graph, profiles } = social;
  const people = graph.personIds.length;
  if (people === 0) return null;
  const random = seededRandom(seed);
  const edges = takingEdges(interactions, graph, parameters);
  const byItem = turned(edges, interactions.itemCount);
  await breathe();
  const takers = sampleRows(byItem, TAKERS, random);
  const steps = await stepsOf(options, edges, takers);
  onStep(1);
  const places = Math.max(parameters.width, Math.min(PLACES, Math.floor(MOST_PLACES / people)));
  const followed = followees(graph);
  let near: SparseMatrix = {
    offsets: new Int32Array(people + 1),
    columns: new Int32Array(0),
    values: new Float32Array(0),
  };
  for (let step = 1; step <= parameters.steps; step++) {
    const last = step === parameters.steps;
    near = await bestProducts(pool, {
      left: steps,
      right: plus(identity(people), near),
      scales: ones(people),
      width: last ? parameters.width : places,
      diagonal: !last,
      barred: last ? followed : null,
    });
    onStep(step + 1);
  }
  const kept = sampleRows(takers, KEPT_TAKERS, random);
  return {
    table: buildPeopleTable(graph.personIds, profiles),
    near: { offsets: near.offsets, indices: near.columns, values: near.values },
    takers: { offsets: kept.offsets, indices: kept.columns },
    takerCounts: Float32Array.from({ length: interactions.itemCount }, (_, item) => lengthOf(byItem, item)),
  };
}

/** g W */
async function stepsOf(
  { social, parameters, pool }: { social: SocialData; parameters: PeopleParameters; pool: KernelPool },
  edges: SparseMatrix,
  takers: SparseMatrix,
): Promise<SparseMatrix> {
  const { goOn, tasteShare, mates, itemExponent } = parameters;
  const people = social.graph.personIds.length;
  const back = scaleRows(
    takers,
    rowMasses(takers).map((mass) => (mass > 0 ? mass ** -itemExponent : 0)),
  );
  const alike = await bestProducts(pool, {
    left: edges,
    right: back,
    scales: ones(people),
    width: mates,
    diagonal: false,
    barred: null,
  });
  const friends = friendSteps(social.graph, FRIENDS);
  const toMates = rowMasses(alike).map((mass, person) => {
    if (mass === 0) return 0;
    return (goOn * (lengthOf(friends, person) === 0 ? 1 : tasteShare)) / mass;
  });
  const toFriends = Float64Array.from(
    { length: people },
    (_, person) => goOn * (lengthOf(alike, person) === 0 ? 1 : 1 - tasteShare),
  );
  return plus(scaleRows(friends, toFriends), scaleRows(alike, toMates));
}

function lengthOf({ offsets }: Pick<SparseRows, 'offsets'>, row: number): number {
  return (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
}

function ones(length: number): Float32Array {
  return new Float32Array(length).fill(1);
}
