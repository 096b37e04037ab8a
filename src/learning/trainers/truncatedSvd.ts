import { seededRandom } from '../../domain/random.js';
import type { Arena } from '../../kernels/arena.js';
import { type Factors, gramMatrix } from '../../kernels/gram.js';
import type { KernelPool } from '../../kernels/pool.js';
import {
  multiplyRight,
  orthonormalise,
  type SparseMatrix,
  sparseProduct,
  symmetricEigen,
} from '../../kernels/subspace.js';
import { breathe } from '../breathe.js';

/** Directions that are looked at beyond those that are wanted, so that the last of them are found too. */
const OVERSAMPLING = 24;
const PANEL = 8;
/** Rows that are drawn before giving way. */
const DRAWN_AT_ONCE = 1000;

export interface TruncatedSvd {
  /** Falling; zero where the matrix has no such direction. */
  readonly values: Float64Array;
  /** Right singular vectors: columns of the matrix × wanted, row after row, in the memory of the pool. */
  readonly vectors: Factors;
}

/**
 * The largest singular values of a sparse matrix A and its right singular vectors: subspace iteration from a random
 * start, orthonormalised after every step (Halko, Martinsson, Tropp 2011, algorithm 4.4), then Rayleigh and Ritz. The same
 * seed gives the same bits on any number of threads. Values below about a hundredth of the largest are not told from zero.
 */
export async function truncatedSvd(
  pool: KernelPool,
  arena: Arena,
  options: {
    /** A and Aᵀ. */
    readonly matrix: SparseMatrix;
    readonly transposed: SparseMatrix;
    /** How many singular values; `vectors` has as many columns, padded with zeros to a multiple of eight. */
    readonly wanted: number;
    readonly iterations: number;
    readonly seed: number;
    readonly onIteration?: (iteration: number) => void;
  },
): Promise<TruncatedSvd> {
  const { matrix, transposed, wanted, iterations, seed, onIteration } = options;
  const rows = matrix.offsets.length - 1;
  const columns = transposed.offsets.length - 1;
  const width = padded(wanted + OVERSAMPLING);
  const vectors = factors(arena, columns, padded(wanted));
  const mark = arena.mark();
  const image = factors(arena, rows, width);
  const basis = factors(arena, columns, width);
  await scatter(image, seed);
  for (let iteration = 0; iteration <= iterations; iteration++) {
    if (iteration > 0) await sparseProduct(pool, matrix, basis, image);
    await sparseProduct(pool, transposed, image, basis);
    await orthonormalise(pool, arena, basis);
    onIteration?.(iteration + 1);
  }
  await sparseProduct(pool, matrix, basis, image);
  const eigen = await symmetricEigen(pool, arena, await gramMatrix(pool, arena, image), width);
  const turned = { rows: eigen.vectors, count: wanted, upper: false };
  await multiplyRight(pool, arena, basis, turned, vectors);
  arena.release(mark);
  return { values: eigen.values.slice(0, wanted).map((value) => Math.sqrt(Math.max(0, value))), vectors };
}

async function scatter({ rows, width, values }: Factors, seed: number): Promise<void> {
  const random = seededRandom(seed);
  for (let row = 0; row < rows; row++) {
    if (row % DRAWN_AT_ONCE === 0) await breathe();
    for (let at = row * width; at < (row + 1) * width; at++) values[at] = random() - 0.5;
  }
}

function factors(arena: Arena, rows: number, width: number): Factors {
  return { rows, width, values: arena.float32(rows * width) };
}

function padded(width: number): number {
  return Math.ceil(width / PANEL) * PANEL;
}

/** A sparse matrix in the memory of a pool. */
export function sharedMatrix(
  arena: Arena,
  offsets: Int32Array,
  columns: Int32Array,
  values: Float32Array,
): SparseMatrix {
  const matrix = {
    offsets: arena.int32(offsets.length),
    columns: arena.int32(columns.length),
    values: arena.float32(values.length),
  };
  matrix.offsets.set(offsets);
  matrix.columns.set(columns);
  matrix.values.set(values);
  return matrix;
}
