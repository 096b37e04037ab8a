import { select } from './select';

/**
 * For each row of [from, to) the `width` largest entries of A · B · diag(scales), all above 0. A and B come in compressed
 * rows. Without `diagonal` a row does not name itself; nor does it name a column of its row of `barred`. Writes `width`
 * columns and values a row, and how many of them count to `found`.
 */
export function bestProducts(
  aOffsets: usize, // i32, rows + 1
  aColumns: usize, // i32: row of B
  aValues: usize, // f32, above 0
  bOffsets: usize, // i32
  bColumns: usize, // i32, below `count`
  bValues: usize, // f32, above 0
  scales: usize, // f32, count
  diagonal: i32,
  barredOffsets: usize, // i32, rows + 1; 0 where nothing is barred
  barred: usize, // i32
  width: i32,
  columns: usize, // i32, rows × width
  values: usize, // f32, rows × width
  found: usize, // i32, per row
  count: i32,
  scratch: usize, // ours alone, all zero at the start: u64, f32, i32 and f32 per column, then the bins of `select`
  from: i32,
  to: i32,
): void {
  const keys = scratch;
  const sums = keys + (<usize>count << 3);
  const touched = sums + (<usize>count << 2);
  const scores = touched + (<usize>count << 2);
  const bins = scores + (<usize>count << 2);
  for (let row = from; row < to; row++) {
    let met = 0;
    const end = load<i32>(aOffsets + (<usize>row << 2), 4);
    for (let at = load<i32>(aOffsets + (<usize>row << 2)); at < end; at++) {
      const inner = <usize>load<i32>(aColumns + (<usize>at << 2));
      const weight = load<f32>(aValues + (<usize>at << 2));
      const last = load<i32>(bOffsets + (inner << 2), 4);
      for (let other = load<i32>(bOffsets + (inner << 2)); other < last; other++) {
        const column = load<i32>(bColumns + (<usize>other << 2));
        const place = sums + (<usize>column << 2);
        const sum = load<f32>(place);
        if (sum == 0) store<i32>(touched + (<usize>(met++) << 2), column);
        store<f32>(place, sum + weight * load<f32>(bValues + (<usize>other << 2)));
      }
    }
    if (barredOffsets) {
      const until = load<i32>(barredOffsets + (<usize>row << 2), 4);
      for (let at = load<i32>(barredOffsets + (<usize>row << 2)); at < until; at++) {
        store<f32>(sums + (<usize>load<i32>(barred + (<usize>at << 2)) << 2), 0);
      }
    }
    let kept = 0;
    for (let i = 0; i < met; i++) {
      const column = load<i32>(touched + (<usize>i << 2));
      const place = sums + (<usize>column << 2);
      const score = load<f32>(place) * load<f32>(scales + (<usize>column << 2));
      store<f32>(place, 0);
      if (score <= 0 || (column == row && !diagonal)) continue;
      store<i32>(touched + (<usize>kept << 2), column);
      store<f32>(scores + (<usize>(kept++) << 2), score);
    }
    const place = <usize>row * width;
    store<i32>(
      found + (<usize>row << 2),
      select(scores, touched, kept, width, bins, keys, columns + (place << 2), values + (place << 2)),
    );
  }
}
