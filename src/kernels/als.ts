import type { Arena } from './arena.js';
import type { KernelPool } from './pool.js';

const GRAM_BLOCK = 512;
const ALS_BLOCK = 64;

/** Rows of a factor matrix, `width` floats each (a multiple of four), in the memory of a pool. */
export interface Factors {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** One side's observations in compressed rows, in the memory of a pool. */
export interface Observations {
  /** rows + 1 */
  readonly offsets: Int32Array;
  /** Per observation: the row of the other side. */
  readonly columns: Int32Array;
  /** Per observation: its confidence; below zero means a target of 0. */
  readonly confidences: Float32Array;
  /** Per row: the ridge of its normal equations. */
  readonly ridges: Float32Array;
}

/**
 * Fᵀ F, width × width. Blocks of rows are summed as floats, the blocks as doubles in their order, so the bits do not
 * depend on the number of threads.
 */
export async function gramMatrix(pool: KernelPool, arena: Arena, factors: Factors): Promise<Float64Array> {
  const { rows, width, values } = factors;
  const size = width * width;
  const mark = arena.mark();
  const blocks = Math.ceil(rows / GRAM_BLOCK);
  const parts = arena.float32(blocks * size);
  await pool.run({
    kernel: 'gramBlock',
    args: [values.byteOffset, width * 4, parts.byteOffset, GRAM_BLOCK],
    count: rows,
    block: GRAM_BLOCK,
    scratchBytes: null,
  });
  const gram = new Float64Array(size);
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j <= i; j++) {
        const at = i * width + j;
        gram[at] = (gram[at] ?? 0) + (parts[block * size + at] ?? 0);
      }
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) gram[j * width + i] = gram[i * width + j] ?? 0;
  arena.release(mark);
  return gram;
}

/**
 * Half an iteration of implicit ALS: improves every row of `own` against `other` by `steps` steps of conjugate gradient
 * on its normal equations (see `assembly/als.ts`). Answers the objective without the ridge of `other`.
 */
export async function alsHalfStep(
  pool: KernelPool,
  arena: Arena,
  half: {
    readonly own: Factors;
    readonly other: Factors;
    readonly observations: Observations;
    readonly unobservedWeight: number;
    readonly steps: number;
  },
): Promise<number> {
  const { own, other, observations, unobservedWeight, steps } = half;
  const mark = arena.mark();
  const bytes = own.width * 4;
  const exact = await gramMatrix(pool, arena, other);
  const gram = arena.float32(exact.length);
  for (let i = 0; i < gram.length; i++) gram[i] = unobservedWeight * (exact[i] ?? 0);
  const loss = arena.float64(own.rows);
  await pool.run({
    kernel: 'alsRows',
    args: [
      own.values.byteOffset,
      other.values.byteOffset,
      bytes,
      gram.byteOffset,
      observations.offsets.byteOffset,
      observations.columns.byteOffset,
      observations.confidences.byteOffset,
      observations.ridges.byteOffset,
      loss.byteOffset,
      steps,
    ],
    count: own.rows,
    block: ALS_BLOCK,
    scratchBytes: 3 * bytes,
  });
  const total = loss.reduce((sum, row) => sum + row, 0);
  arena.release(mark);
  return total;
}
