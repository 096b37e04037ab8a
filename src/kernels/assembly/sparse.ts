import { addScaled } from './vector';

/** y[row] ← Σ value · x[column] over the entries of each of the rows [from, to). `bytes` is the length of a row of x and y. */
export function sparseRows(
  offsets: usize, // i32, rows + 1
  columns: usize, // i32, per entry: row of x
  values: usize, // f32, per entry
  x: usize,
  bytes: usize,
  y: usize,
  from: i32,
  to: i32,
): void {
  for (let row = from; row < to; row++) {
    const out = y + <usize>row * bytes;
    const end = load<i32>(offsets + (<usize>row << 2), 4);
    let at = load<i32>(offsets + (<usize>row << 2));
    memory.fill(out, 0, bytes);
    // Four at a time, so that the row that is written is read and written a quarter as often.
    for (; at + 3 < end; at += 4) addFour(columns + (<usize>at << 2), values + (<usize>at << 2), x, bytes, out);
    for (; at < end; at++) {
      const column = <usize>load<i32>(columns + (<usize>at << 2));
      addScaled(load<f32>(values + (<usize>at << 2)), x + column * bytes, out, bytes);
    }
  }
}

function addFour(columns: usize, values: usize, x: usize, bytes: usize, out: usize): void {
  const a = x + <usize>load<i32>(columns) * bytes;
  const b = x + <usize>load<i32>(columns, 4) * bytes;
  const c = x + <usize>load<i32>(columns, 8) * bytes;
  const d = x + <usize>load<i32>(columns, 12) * bytes;
  const s0 = v128.load32_splat(values);
  const s1 = v128.load32_splat(values, 4);
  const s2 = v128.load32_splat(values, 8);
  const s3 = v128.load32_splat(values, 12);
  for (let at: usize = 0; at < bytes; at += 16) {
    const low = f32x4.add(f32x4.mul(s0, v128.load(a + at)), f32x4.mul(s1, v128.load(b + at)));
    const high = f32x4.add(f32x4.mul(s2, v128.load(c + at)), f32x4.mul(s3, v128.load(d + at)));
    v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.add(low, high)));
  }
}
