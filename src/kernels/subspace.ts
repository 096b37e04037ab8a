import type { Arena } from './arena.js';
import { type Factors, gramMatrix } from './gram.js';
import type { KernelPool } from './pool.js';

const SPARSE_BLOCK = 64;
/** A whole number of the 32 rows that the kernel takes at a time. */
const PANEL_BLOCK = 128;
const PANEL_ROWS = 32;
const PANEL = 8;

/**
 * A direction with less than this share of its square left beside the others depends on them. The Gram matrix is a sum of
 * floats: what is smaller than this may be rounding.
 */
const DEPENDENT = 1e-5;

/** A sparse matrix in compressed rows, in the memory of a pool. */
export interface SparseMatrix {
  /** rows + 1 */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** `out` ← `matrix` · `dense`. Both dense sides have the same width. */
export function sparseProduct(pool: KernelPool, matrix: SparseMatrix, dense: Factors, out: Factors): Promise<void> {
  const { offsets, columns, values } = matrix;
  return pool.run({
    kernel: 'sparseRows',
    args: [
      offsets.byteOffset,
      columns.byteOffset,
      values.byteOffset,
      dense.values.byteOffset,
      dense.width * 4,
      out.values.byteOffset,
    ],
    count: out.rows,
    block: SPARSE_BLOCK,
    scratchBytes: null,
  });
}

/**
 * Replaces `factors` by an orthonormal basis of its columns, Q = F L⁻ᵀ with FᵀF = L Lᵀ (Cholesky QR). A column that
 * depends on those before it becomes zero. The width is a multiple of eight.
 */
export async function orthonormalise(pool: KernelPool, arena: Arena, factors: Factors): Promise<void> {
  const { width } = factors;
  const mark = arena.mark();
  const gram = arena.float64(width * width);
  gram.set(await gramMatrix(pool, arena, factors));
  const inverse = arena.float64(width * width);
  await pool.run({
    kernel: 'inverseCholesky',
    args: [gram.byteOffset, width, DEPENDENT, inverse.byteOffset],
    count: 1,
    block: 1,
    scratchBytes: null,
  });
  await multiplyRight(pool, arena, factors, { rows: inverse, count: width, upper: true }, factors);
  arena.release(mark);
}

/**
 * `out` ← `factors` · Tᵀ, where row j of `rows` (as wide as `factors`) is column j of what it is multiplied by. With
 * `upper` entry k of row j is zero for k > j. Columns of `out` beyond `count` become zero. `out` may be `factors`.
 */
export async function multiplyRight(
  pool: KernelPool,
  arena: Arena,
  factors: Factors,
  by: { readonly rows: Float64Array; readonly count: number; readonly upper: boolean },
  out: Factors,
): Promise<void> {
  const { width } = factors;
  const mark = arena.mark();
  const panels = arena.float32(width * out.width);
  for (let j = 0; j < by.count; j++) {
    const column = Math.floor(j / PANEL) * PANEL * width + (j % PANEL);
    for (let k = 0; k < width; k++) panels[column + k * PANEL] = by.rows[j * width + k] ?? 0;
  }
  await pool.run({
    kernel: 'multiplyPanels',
    args: [
      factors.values.byteOffset,
      width * 4,
      panels.byteOffset,
      out.width / PANEL,
      by.upper ? 1 : 0,
      out.values.byteOffset,
    ],
    count: out.rows,
    block: PANEL_BLOCK,
    scratchBytes: PANEL_ROWS * width * 4,
  });
  arena.release(mark);
}

/** Eigenvalues, falling, and their vectors: `width` numbers each, row after row. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** The eigenvectors of a symmetric matrix of `width` rows. */
export async function symmetricEigen(
  pool: KernelPool,
  arena: Arena,
  matrix: Float64Array,
  width: number,
): Promise<Eigen> {
  const mark = arena.mark();
  const rows = arena.float64(width * width);
  rows.set(matrix);
  const found = arena.float64(width);
  await pool.run({
    kernel: 'symmetricEigen',
    args: [rows.byteOffset, width, found.byteOffset],
    count: 1,
    block: 1,
    scratchBytes: width * 8,
  });
  const order = Int32Array.from(found.keys()).sort((a, b) => (found[b] ?? 0) - (found[a] ?? 0) || a - b);
  const vectors = new Float64Array(width * width);
  for (const [place, row] of order.entries()) {
    vectors.set(rows.subarray(row * width, (row + 1) * width), place * width);
  }
  const values = Float64Array.from(order, (row) => found[row] ?? 0);
  arena.release(mark);
  return { values, vectors };
}
