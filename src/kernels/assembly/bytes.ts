// Vectors of whole numbers −63 to 63: a quarter of the memory to read, for a first pass over many rows.

/** The largest: eight products of two fit into 16 bits. */
const MOST: f32 = 63;

/**
 * Row r becomes `bytes` bytes at `out`, each its float times 63 over the row's largest magnitude, and `scales[r]` what
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
    const factor: f32 = most > 0 ? MOST / most : 0;
    memory.fill(to, 0, bytes);
    for (let k = 0; k < width; k++) store<i8>(to + k, <i8>nearest(load<f32>(from + (<usize>k << 2)) * factor));
    store<f32>(scales + (<usize>row << 2), most / MOST);
  }
}

/** So many bytes of a row: 8 products of at most 63² in each lane of 16 bits. */
const GROUP: usize = 64;

/**
 * out[r] ← scale[r] · (row r of `matrix` · `vector`), for `rows` rows (a multiple of 4) of `bytes` bytes, a multiple of 16.
 * Products are added in 16 bits as long as they cannot overflow, which takes half as many instructions as 32 bits.
 */
export function multiplyBytes(
  matrix: usize,
  rows: i32,
  bytes: usize,
  vector: usize,
  scales: usize,
  out: usize,
): void {
  for (let row = 0; row < rows; row += 4) {
    const r1 = matrix + bytes;
    const r2 = r1 + bytes;
    const r3 = r2 + bytes;
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    let s2 = i32x4.splat(0);
    let s3 = i32x4.splat(0);
    for (let at: usize = 0; at < bytes; ) {
      const end = min(at + GROUP, bytes);
      let a0 = i16x8.splat(0);
      let a1 = i16x8.splat(0);
      let a2 = i16x8.splat(0);
      let a3 = i16x8.splat(0);
      for (; at < end; at += 16) {
        const x = v128.load(vector + at);
        a0 = addProducts(a0, v128.load(matrix + at), x);
        a1 = addProducts(a1, v128.load(r1 + at), x);
        a2 = addProducts(a2, v128.load(r2 + at), x);
        a3 = addProducts(a3, v128.load(r3 + at), x);
      }
      s0 = i32x4.add(s0, i32x4.extadd_pairwise_i16x8_s(a0));
      s1 = i32x4.add(s1, i32x4.extadd_pairwise_i16x8_s(a1));
      s2 = i32x4.add(s2, i32x4.extadd_pairwise_i16x8_s(a2));
      s3 = i32x4.add(s3, i32x4.extadd_pairwise_i16x8_s(a3));
    }
    const low = i32x4.add(v128.shuffle<i32>(s0, s1, 0, 4, 1, 5), v128.shuffle<i32>(s0, s1, 2, 6, 3, 7));
    const high = i32x4.add(v128.shuffle<i32>(s2, s3, 0, 4, 1, 5), v128.shuffle<i32>(s2, s3, 2, 6, 3, 7));
    const sums = i32x4.add(v128.shuffle<i32>(low, high, 0, 1, 4, 5), v128.shuffle<i32>(low, high, 2, 3, 6, 7));
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(scales)));
    matrix = r3 + bytes;
    scales += 16;
    out += 16;
  }
}

// @ts-ignore: decorator
@inline
function addProducts(sum: v128, a: v128, b: v128): v128 {
  return i16x8.add(i16x8.add(sum, i16x8.extmul_low_i8x16_s(a, b)), i16x8.extmul_high_i8x16_s(a, b));
}
