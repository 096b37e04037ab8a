/**
 * Lower triangle of XᵀX over the rows [from, to) of X, in 4 × 4 tiles, written to the place of this block in `parts`
 * (one stride × stride matrix of floats per `blockRows` rows). `bytes` is the length of a row; tiles above the
 * diagonal are left as they are.
 */
export function gramBlock(rows: usize, bytes: usize, parts: usize, blockRows: i32, from: i32, to: i32): void {
  const out = parts + <usize>(from / blockRows) * (bytes >> 2) * bytes;
  const start = rows + <usize>from * bytes;
  const end = rows + <usize>to * bytes;
  for (let i: usize = 0; i < bytes; i += 16) {
    for (let j: usize = 0; j <= i; j += 16) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      for (let row = start; row < end; row += bytes) {
        const right = v128.load(row + j);
        s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(row + i), right));
        s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(row + i, 4), right));
        s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(row + i, 8), right));
        s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(row + i, 12), right));
      }
      const place = out + (i >> 2) * bytes + j;
      v128.store(place, s0);
      v128.store(place + bytes, s1);
      v128.store(place + 2 * bytes, s2);
      v128.store(place + 3 * bytes, s3);
    }
  }
}
