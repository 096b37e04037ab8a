// Vectors of whole numbers −127 to 127: a quarter of the memory to read, for a first pass over many rows.

/**
 * Row r becomes `bytes` bytes at `out`, each its float times 127 over the row's largest magnitude, and `scales[r]` what
 * a byte stands for. `floats` is the stride of a row in bytes; a row has `bytes` numbers, a multiple of 16, of which
 * those beyond `width` are 0.
 */
export function quantiseRows(
  matrix: usize,
  rows: i32,
  floats: usize,
  width: i32,
  out: usize,
  bytes: usize,
  scales: usize,
): void {
  for (let row = 0; row < rows; row++) {
    const from = matrix + <usize>row * floats;
    const to = out + <usize>row * bytes;
    let most: f32 = 0;
    for (let k = 0; k < width; k++) most = max(most, abs(load<f32>(from + (<usize>k << 2))));
    const factor: f32 = most > 0 ? 127 / most : 0;
    memory.fill(to, 0, bytes);
    for (let k = 0; k < width; k++) store<i8>(to + k, <i8>nearest(load<f32>(from + (<usize>k << 2)) * factor));
    store<f32>(scales + (<usize>row << 2), most / 127);
  }
}

/** out[r] ← scale[r] · (row r of `matrix` · `vector`), for `rows` rows of `bytes` bytes, a multiple of 16. */
export function multiplyBytes(
  matrix: usize,
  rows: i32,
  bytes: usize,
  vector: usize,
  scales: usize,
  out: usize,
): void {
  for (let row = 0; row < rows; row++) {
    let sum = i32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const a = v128.load(matrix + at);
      const b = v128.load(vector + at);
      sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_low_i8x16_s(a, b)));
      sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_high_i8x16_s(a, b)));
    }
    const total =
      i32x4.extract_lane(sum, 0) +
      i32x4.extract_lane(sum, 1) +
      i32x4.extract_lane(sum, 2) +
      i32x4.extract_lane(sum, 3);
    store<f32>(out + (<usize>row << 2), <f32>total * load<f32>(scales + (<usize>row << 2)));
    matrix += bytes;
  }
}
