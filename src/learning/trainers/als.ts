import { normal, seededRandom } from '../../domain/random.js';
import { type AlsObjective, confidenceOf, ridgeOf } from '../../features/foldIn.js';
import { alsHalfStep, type Observations } from '../../kernels/als.js';
import type { Arena } from '../../kernels/arena.js';
import { type Factors, gramMatrix } from '../../kernels/gram.js';
import { paddedWidth } from '../../kernels/layout.js';
import type { KernelPool } from '../../kernels/pool.js';
import type { CollaborativeModel } from '../../registry/snapshot.js';
import type { Interactions } from '../examples/interactions.js';
import { type Transposed, transpose } from '../examples/transpose.js';
import type { SearchSpace } from '../tuning/space.js';

export interface AlsParameters {
  /** 16 to 512. */
  readonly dimensions: number;
  readonly iterations: number;
  /** Steps of conjugate gradient per row and half iteration. */
  readonly steps: number;
  /** Weight of all unobserved pairs together, in multiples of that of all observed ones. */
  readonly unobservedMass: number;
  readonly regularization: number;
  readonly frequencyExponent: number;
}

/** Chosen on time-split validation of MovieLens latest-small and on Gowalla. */
export const ALS_DEFAULTS: AlsParameters = {
  dimensions: 64,
  iterations: 12,
  steps: 3,
  unobservedMass: 16,
  regularization: 0.004,
  frequencyExponent: 1,
};

/** Folding a person in takes time with the square of the dimensions, at every request: 2 ms at 128. */
export const ALS_SPACE: SearchSpace<AlsParameters> = {
  dimensions: [32, 64, 96, 128],
  unobservedMass: [4, 8, 16, 32, 64],
  regularization: [0.001, 0.002, 0.004, 0.008, 0.016],
};

export interface AlsResult {
  readonly model: CollaborativeModel;
  /** Users × dimensions, row after row: solved against the final item factors, as fold-in solves them. */
  readonly userFactors: Float32Array;
  /** The objective after each iteration. */
  readonly losses: readonly number[];
}

/**
 * Implicit ALS (Hu, Koren, Volinsky 2008) with frequency-scaled regularisation (Rendle et al. 2021):
 *
 *     Σ_observed |c| (t − x·y)² + α₀ Σ_all (x·y)² + Σ_rows ridge ‖row‖²,   t = 1 where c > 0, else 0
 *
 * `confidenceOf` and `ridgeOf` are those of fold-in: one objective. The same seed gives the same bits on any number of
 * threads.
 */
export function trainAls(options: {
  readonly interactions: Interactions;
  readonly parameters: AlsParameters;
  readonly seed: number;
  readonly pool: KernelPool;
  readonly onIteration?: (iteration: number, loss: number) => void;
}): Promise<AlsResult> {
  const { interactions, parameters, seed, pool, onIteration } = options;
  const { userCount, itemCount, offsets, items } = interactions;
  const { dimensions, regularization, frequencyExponent } = parameters;
  const confidences = interactions.worth.map((worth, at) => confidenceOf(worth, interactions.recency[at] ?? 0));
  const objective: AlsObjective = {
    unobservedWeight: unobservedWeight(interactions, confidences, parameters.unobservedMass),
    regularization,
    frequencyExponent,
  };

  return pool.borrow(async (arena) => {
    const byItem = transpose(offsets, items, itemCount);
    const ofUsers = observations(arena, offsets, items, confidences, (weight) => ridgeOf(objective, weight, itemCount));
    const ofItems = observations(arena, byItem.offsets, byItem.rows, inOrder(confidences, byItem), (weight) =>
      ridgeOf(objective, weight, userCount),
    );
    const users = factors(arena, userCount, dimensions);
    const itemSide = factors(arena, itemCount, dimensions);
    scatter(users, dimensions, seed);

    const solver = { unobservedWeight: objective.unobservedWeight, steps: parameters.steps };
    const losses: number[] = [];
    for (let iteration = 1; iteration <= parameters.iterations; iteration++) {
      await alsHalfStep(pool, arena, { own: itemSide, other: users, observations: ofItems, ...solver });
      const loss =
        (await alsHalfStep(pool, arena, { own: users, other: itemSide, observations: ofUsers, ...solver })) +
        ridgeLoss(itemSide, ofItems.ridges);
      losses.push(loss);
      onIteration?.(iteration, loss);
    }
    const padded = await gramMatrix(pool, arena, itemSide);
    return {
      model: {
        ...objective,
        dimensions,
        itemFactors: unpad(itemSide, dimensions),
        gram: unpadGram(padded, dimensions),
      },
      userFactors: unpad(users, dimensions),
      losses,
    };
  });
}

function observations(
  arena: Arena,
  offsets: Int32Array,
  columns: Int32Array,
  confidences: Float32Array,
  ridge: (weight: number) => number,
): Observations {
  const shared = {
    offsets: arena.int32(offsets.length),
    columns: arena.int32(columns.length),
    confidences: arena.float32(confidences.length),
    ridges: arena.float32(offsets.length - 1),
  };
  shared.offsets.set(offsets);
  shared.columns.set(columns);
  shared.confidences.set(confidences);
  for (let row = 0; row < shared.ridges.length; row++) {
    let weight = 0;
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) weight += Math.abs(confidences[at] ?? 0);
    shared.ridges[row] = ridge(weight);
  }
  return shared;
}

function factors(arena: Arena, rows: number, dimensions: number): Factors {
  const width = paddedWidth(dimensions);
  return { rows, width, values: arena.float32(rows * width) };
}

/** Small random numbers to start from; the padding stays zero, and the kernels keep it so. */
function scatter({ rows, width, values }: Factors, dimensions: number, seed: number): void {
  const random = seededRandom(seed);
  const scale = 0.1 / Math.sqrt(dimensions);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < dimensions; k++) values[row * width + k] = scale * normal(random);
  }
}

function inOrder(values: Float32Array, { order }: Transposed): Float32Array {
  return Float32Array.from(order, (entry) => values[entry] ?? 0);
}

function ridgeLoss({ rows, width, values }: Factors, ridges: Float32Array): number {
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let k = row * width; k < (row + 1) * width; k++) square += (values[k] ?? 0) ** 2;
    loss += (ridges[row] ?? 0) * square;
  }
  return loss;
}

export function unpad({ rows, width, values }: Factors, dimensions: number): Float32Array {
  const out = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    out.set(values.subarray(row * width, row * width + dimensions), row * dimensions);
  }
  return out;
}

export function unpadGram(padded: Float64Array, dimensions: number): Float64Array {
  const width = paddedWidth(dimensions);
  return Float64Array.from({ length: dimensions * dimensions }, (_, at) => {
    return padded[Math.floor(at / dimensions) * width + (at % dimensions)] ?? 0;
  });
}

/** α₀, relative to the data so that neither the scale of the worths nor the size of the catalogue moves the balance. */
function unobservedWeight({ offsets, items }: Interactions, confidences: Float32Array, mass: number): number {
  const observed = confidences.reduce((sum, confidence) => sum + Math.abs(confidence), 0);
  const users = offsets.reduce((count, end, user) => count + (user > 0 && end > (offsets[user - 1] ?? 0) ? 1 : 0), 0);
  const pairs = users * new Set(items).size;
  return observed > 0 ? (mass * observed) / pairs : 1;
}
