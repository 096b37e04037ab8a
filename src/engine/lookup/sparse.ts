import type { SparseRows } from '../../registry/snapshot.js';

/** Column → value of one row. */
export function rowOf({ offsets, indices, values }: SparseRows, row: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) found.set(indices[at] ?? 0, values[at] ?? 0);
  return found;
}

/** Inner product of one row with any other: the cosine, where rows have length 1; at most 1. */
export function dotWith(rows: SparseRows, row: number): (other: number) => number {
  const { offsets, indices, values } = rows;
  const own = rowOf(rows, row);
  return (other) => {
    let dot = 0;
    for (let at = offsets[other] ?? 0; at < (offsets[other + 1] ?? 0); at++) {
      dot += (values[at] ?? 0) * (own.get(indices[at] ?? 0) ?? 0);
    }
    return Math.min(1, dot);
  };
}
