import type { Arena } from './arena.js';
import type { KernelPool } from './pool.js';

/** Rows whose sum is kept as floats; or more, so that there are never more than `MOST_PARTS` sums. */
const GRAM_BLOCK = 512;
const MOST_PARTS = 16;
/** Rows that the kernel takes at a time. */
const GRAM_ROWS = 128;
/** The kernel works on panels of eight columns. */
const PANEL = 8;

/** Rows of a factor matrix, `width` floats each (a multiple of four), in the memory of a pool. */
export interface Factors {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * Fᵀ F, width × width. Blocks of rows are summed as floats, the blocks as doubles in their order, so the bits do not
 * depend on the number of threads.
 */
export async function gramMatrix(pool: KernelPool, arena: Arena, factors: Factors): Promise<Float64Array> {
  const { rows, width, values } = factors;
  const mark = arena.mark();
  const padded = Math.ceil(width / PANEL) * PANEL;
  const block = Math.max(GRAM_BLOCK, Math.ceil(rows / MOST_PARTS / GRAM_ROWS) * GRAM_ROWS);
  const blocks = Math.ceil(rows / block);
  const parts = arena.float32(blocks * padded * padded);
  await pool.run({
    kernel: 'gramBlock',
    args: [values.byteOffset, width * 4, parts.byteOffset, block],
    count: rows,
    block,
    scratchBytes: GRAM_ROWS * padded * 4,
  });
  const gram = new Float64Array(width * width);
  for (let part = 0; part < blocks; part++) {
    for (let i = 0; i < width; i++) {
      const from = (part * padded + i) * padded;
      for (let j = 0; j <= i; j++) gram[i * width + j] = (gram[i * width + j] ?? 0) + (parts[from + j] ?? 0);
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) gram[j * width + i] = gram[i * width + j] ?? 0;
  arena.release(mark);
  return gram;
}
