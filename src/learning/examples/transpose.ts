/** The same entries by column: entry k of column c is `order[k]` for k from `offsets[c]` to `offsets[c + 1]`. */
export interface Transposed {
  /** columns + 1 */
  readonly offsets: Int32Array;
  /** Per entry: its row. */
  readonly rows: Int32Array;
  /** Per entry: its number among the entries by row. */
  readonly order: Int32Array;
}

/** Turns compressed rows into compressed columns; rows rise within a column. */
export function transpose(offsets: Int32Array, columns: Int32Array, columnCount: number): Transposed {
  const ends = new Int32Array(columnCount + 1);
  for (const column of columns) ends[column + 1] = (ends[column + 1] ?? 0) + 1;
  for (let column = 0; column < columnCount; column++) ends[column + 1] = (ends[column + 1] ?? 0) + (ends[column] ?? 0);
  const next = ends.slice(0, columnCount);
  const rows = new Int32Array(columns.length);
  const order = new Int32Array(columns.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let entry = offsets[row] ?? 0; entry < (offsets[row + 1] ?? 0); entry++) {
      const column = columns[entry] ?? 0;
      const at = next[column] ?? 0;
      rows[at] = row;
      order[at] = entry;
      next[column] = at + 1;
    }
  }
  return { offsets: ends, rows, order };
}
