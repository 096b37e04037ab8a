import type { Arena } from './arena.js';
import { type Factors, gramMatrix } from './gram.js';
import type { KernelPool } from './pool.js';

const ALS_BLOCK = 64;

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
