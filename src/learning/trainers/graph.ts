import { bestProducts } from '../../kernels/bestProducts.js';
import type { KernelPool } from '../../kernels/pool.js';
import type { SparseRows } from '../../registry/snapshot.js';
import type { Interactions } from '../examples/interactions.js';
import type { SocialGraph } from '../examples/social.js';
import type { SearchSpace } from '../tuning/space.js';
import { friendSteps, plus, rowMasses, scaleRows, stayOrStep, takingEdges, turned } from './graphEdges.js';

export interface GraphParameters {
  /** The most items one item leads to. */
  readonly width: number;
  /** How much an item pays for its edges where a walk leaves it: 1 is a walk, 0 a count of walks. */
  readonly itemExponent: number;
  /** The same for the people on the way. */
  readonly personExponent: number;
  /** And for the item a walk arrives at. */
  readonly popularityExponent: number;
  /** Only a person's newest items count, so that the cost stays linear in the events. */
  readonly historyLimit: number;
  /** Weight of the edge between an item and who wrote it, beside 1 for someone who took to it. */
  readonly authorWeight: number;
  /** How much walks count that go from one person on to someone they follow or are followed by. */
  readonly friendShare: number;
  /** How much walks count that go on from the item they arrived at. */
  readonly secondStep: number;
}

/** Exponents chosen on two validation splits of Gowalla's train file: a random fifth, and the last fifth of each line. */
export const GRAPH_DEFAULTS: GraphParameters = {
  width: 48,
  itemExponent: 0.6,
  personExponent: 0.5,
  popularityExponent: 0.25,
  historyLimit: 500,
  authorWeight: 1,
  friendShare: 0.2,
  secondStep: 0.05,
};

export const GRAPH_SPACE: SearchSpace<GraphParameters> = {
  itemExponent: [0.4, 0.5, 0.6, 0.8],
  personExponent: [0.3, 0.5, 0.7],
  popularityExponent: [0.1, 0.25, 0.4, 0.55],
  authorWeight: [0, 1],
  friendShare: [0, 0.2, 0.5],
  secondStep: [0, 0.2, 0.5],
};

/** A person has so many friends at most, and an item so many friends of those who took to it. */
const FRIENDS = 50;
const FRIENDS_OF_TAKERS = 64;

/**
 * Where short walks from each item arrive, in closed form: over those who took to it or wrote it, perhaps on to a friend of
 * theirs, to what these took to or wrote (RP³β: Paudel et al. 2017), and perhaps the same once more (a walk that may restart
 * after each item: Pixie, Eksombatchai et al. 2018). With people's edges R, friends F and degrees D:
 *
 *     M = D_i^−a Rᵀ (1 + f F) D_u^−b R D_i^−c,   rows = best of (1 + s M̂) M
 *
 * M̂ is M with rows that sum to 1. Unlike co-visitation it finds items that no person has in common, and items that nobody
 * touched yet, by their author. The same bits on any number of threads.
 */
export async function trainItemGraph(options: {
  readonly interactions: Interactions;
  readonly social: SocialGraph;
  readonly parameters: GraphParameters;
  readonly pool: KernelPool;
}): Promise<SparseRows> {
  const { interactions, social, parameters, pool } = options;
  const { itemCount } = interactions;
  const { width, itemExponent, personExponent, popularityExponent, friendShare, secondStep } = parameters;
  const takers = takingEdges(interactions, social, parameters);
  const taken = turned(takers, itemCount);
  const itemMasses = rowMasses(taken);
  const out = scaleRows(taken, itemMasses.map(power(-itemExponent)));
  const back = scaleRows(takers, rowMasses(takers).map(power(-personExponent)));
  const scales = Float32Array.from(itemMasses, power(-popularityExponent));

  const friends = friendSteps(social, FRIENDS);
  const ones = new Float32Array(social.personIds.length).fill(friendShare);
  const widened =
    friends.columns.length === 0 || friendShare === 0
      ? out
      : plus(
          out,
          await bestProducts(pool, {
            left: out,
            right: friends,
            scales: ones,
            width: FRIENDS_OF_TAKERS,
            diagonal: true,
            barred: null,
          }),
        );
  const once = await bestProducts(pool, { left: widened, right: back, scales, width, diagonal: false, barred: null });
  const twice =
    secondStep === 0
      ? once
      : await bestProducts(pool, {
          left: stayOrStep(once, secondStep),
          right: once,
          scales: new Float32Array(itemCount).fill(1),
          width,
          diagonal: false,
          barred: null,
        });
  return { offsets: twice.offsets, indices: twice.columns, values: twice.values };
}

function power(exponent: number): (mass: number) => number {
  return (mass) => (mass > 0 ? mass ** exponent : 0);
}
