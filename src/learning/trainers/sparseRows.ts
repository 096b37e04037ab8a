import type { SparseRows } from '../../registry/snapshot.js';

/** Closes up what a kernel left with room to spare: row r has `counts[r]` entries from `r × width` on. */
export function toSparseRows(
  found: { readonly counts: Int32Array; readonly columns: Int32Array; readonly values: Float32Array },
  width: number,
): SparseRows {
  const { counts, columns, values } = found;
  const offsets = new Int32Array(counts.length + 1);
  for (let row = 0; row < counts.length; row++) offsets[row + 1] = (offsets[row] ?? 0) + (counts[row] ?? 0);
  const total = offsets[counts.length] ?? 0;
  const rows = { offsets, indices: new Int32Array(total), values: new Float32Array(total) };
  for (let row = 0; row < counts.length; row++) {
    const from = row * width;
    const to = from + (counts[row] ?? 0);
    rows.indices.set(columns.subarray(from, to), offsets[row] ?? 0);
    rows.values.set(values.subarray(from, to), offsets[row] ?? 0);
  }
  return rows;
}

/** Puts a compressed sparse matrix together row by row; columns rise within a row. */
export function rowBuilder(): { push(row: ReadonlyMap<number, number>): void; finish(): SparseRows } {
  const offsets = [0];
  const indices: number[] = [];
  const values: number[] = [];
  return {
    push(row) {
      for (const [column, value] of [...row].sort(([a], [b]) => a - b)) {
        indices.push(column);
        values.push(value);
      }
      offsets.push(indices.length);
    },
    finish: () => ({
      offsets: Int32Array.from(offsets),
      indices: Int32Array.from(indices),
      values: Float32Array.from(values),
    }),
  };
}
