import type { SegmentModel, SparseRows } from '../registry/snapshot.js';

/** Beyond e³, twenty times as often, more is no more telling. */
const MOST = 3;

/** How much more an item is taken to in a segment than ever, as a natural logarithm, −3 to 3. `category` is its code, or -1. */
export function segmentLift(model: SegmentModel, row: number, item: number, category: number): number {
  const lift = valueAt(model.items, row, item) + (category < 0 ? 0 : valueAt(model.categories, row, category));
  return Math.min(MOST, Math.max(-MOST, lift));
}

/** Columns rise within a row. */
function valueAt({ offsets, indices, values }: SparseRows, row: number, column: number): number {
  let low = offsets[row] ?? 0;
  let high = offsets[row + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((indices[middle] ?? 0) < column) low = middle + 1;
    else high = middle;
  }
  return low < (offsets[row + 1] ?? 0) && indices[low] === column ? (values[low] ?? 0) : 0;
}
