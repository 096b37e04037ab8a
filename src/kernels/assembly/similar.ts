import { select } from './select';

/**
 * Turns the sums of one row into its best columns and takes them back to 0:
 *
 *     value(j) = min(1, sum / (sum + shrinkage) · sum / (norm · columnNorm[j]))
 *
 * `touched` holds the `count` columns whose sums are not 0; `left` is a column to leave out. Answers how many were written.
 */
export function keepSimilar(
  sums: usize, // f32, per column
  touched: usize, // i32, overwritten
  count: i32,
  left: i32,
  norm: f32,
  columnNorms: usize, // f32, per column
  shrinkage: f32,
  width: i32,
  scores: usize, // f32, for `select`
  bins: usize,
  keys: usize,
  columns: usize, // i32, width
  values: usize, // f32, width
): i32 {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const column = load<i32>(touched + (i << 2));
    const sum = load<f32>(sums + (column << 2));
    store<f32>(sums + (column << 2), 0);
    if (column == left) continue;
    const similarity = ((sum / (sum + shrinkage)) * sum) / (norm * load<f32>(columnNorms + (column << 2)));
    store<i32>(touched + (kept << 2), column);
    store<f32>(scores + (kept++ << 2), min(similarity, 1));
  }
  return select(scores, touched, kept, width, bins, keys, columns, values);
}
