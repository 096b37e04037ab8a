import { BIN_BYTES } from './layout.js';
import type { KernelPool } from './pool.js';
import type { SparseMatrix } from './subspace.js';

const BLOCK = 32;

export interface BestProductsJob {
  /** Rows × inner; values above 0. */
  readonly left: SparseMatrix;
  /** Inner × columns; values above 0. */
  readonly right: SparseMatrix;
  /** Per column: what its entries are multiplied by, 0 or more. */
  readonly scales: Float32Array;
  /** The most entries a row keeps. */
  readonly width: number;
  /** Whether an entry may stand in the row of its own number. */
  readonly diagonal: boolean;
  /** Per row: columns it must not name; null for none. */
  readonly barred: Pick<SparseMatrix, 'offsets' | 'columns'> | null;
}

/**
 * The `width` largest entries of each row of left · right · diag(scales), by falling value, then rising column; what is
 * not above 0 is left out. The same bits on any number of threads.
 */
export function bestProducts(pool: KernelPool, job: BestProductsJob): Promise<SparseMatrix> {
  const { left, right, scales, width } = job;
  return pool.borrow(async (arena) => {
    const int32 = (values: Int32Array) => {
      const copy = arena.int32(values.length);
      copy.set(values);
      return copy.byteOffset;
    };
    const float32 = (values: Float32Array) => {
      const copy = arena.float32(values.length);
      copy.set(values);
      return copy.byteOffset;
    };
    const matrix = (one: SparseMatrix) => [int32(one.offsets), int32(one.columns), float32(one.values)];
    const rows = left.offsets.length - 1;
    const barred = job.barred === null ? [0, 0] : [int32(job.barred.offsets), int32(job.barred.columns)];
    const args = [...matrix(left), ...matrix(right), float32(scales), job.diagonal ? 1 : 0, ...barred, width];
    const columns = arena.int32(rows * width);
    const values = arena.float32(rows * width);
    const found = arena.int32(rows);
    await pool.run({
      kernel: 'bestProducts',
      args: [...args, columns.byteOffset, values.byteOffset, found.byteOffset, scales.length],
      count: rows,
      block: BLOCK,
      scratchBytes: scales.length * (8 + 4 + 4 + 4) + BIN_BYTES,
    });
    return compress(found, columns, values, width);
  });
}

/** Rows of `width` places, `found` of them filled, as compressed rows. */
function compress(found: Int32Array, columns: Int32Array, values: Float32Array, width: number): SparseMatrix {
  const offsets = new Int32Array(found.length + 1);
  for (let row = 0; row < found.length; row++) offsets[row + 1] = (offsets[row] ?? 0) + (found[row] ?? 0);
  const total = offsets[found.length] ?? 0;
  const out = { offsets, columns: new Int32Array(total), values: new Float32Array(total) };
  for (let row = 0; row < found.length; row++) {
    const from = row * width;
    const to = from + (found[row] ?? 0);
    out.columns.set(columns.subarray(from, to), offsets[row] ?? 0);
    out.values.set(values.subarray(from, to), offsets[row] ?? 0);
  }
  return out;
}
