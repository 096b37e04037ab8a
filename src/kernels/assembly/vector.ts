// Float vectors in linear memory. Every length is given in bytes and is a multiple of 16: the wrappers pad with zeros.

/** Sum of the four lanes, in the one order that every kernel uses. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  const even = f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 2);
  const odd = f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3);
  return even + odd;
}

/** Lane i of the answer is the sum of the lanes of the i-th argument, in the order of `sumLanes`. */
// @ts-ignore: decorator
@inline
export function sumFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

export function dot(a: usize, b: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  const whole = bytes & ~63;
  let at: usize = 0;
  for (; at < whole; at += 64) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a + at), v128.load(b + at)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a + at, 32), v128.load(b + at, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a + at, 48), v128.load(b + at, 48)));
  }
  for (; at < bytes; at += 16) s0 = f32x4.add(s0, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** y ← y + scale · x */
export function addScaled(scale: f32, x: usize, y: usize, bytes: usize): void {
  const s = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(y + at, f32x4.add(v128.load(y + at), f32x4.mul(s, v128.load(x + at))));
  }
}

/** y ← x + scale · y */
export function scaleAndAdd(scale: f32, x: usize, y: usize, bytes: usize): void {
  const s = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(y + at, f32x4.add(v128.load(x + at), f32x4.mul(s, v128.load(y + at))));
  }
}

/** out ← scale · x */
export function copyScaled(scale: f32, x: usize, out: usize, bytes: usize): void {
  const s = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, f32x4.mul(s, v128.load(x + at)));
}

/** out[r] ← row r of `matrix` · `vector`, for `rows` rows (a multiple of 4) of `bytes` bytes each. */
export function multiplyRows(matrix: usize, rows: i32, bytes: usize, vector: usize, out: usize): void {
  const four = bytes << 2;
  for (let row: i32 = 0; row < rows; row += 4) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    const r1 = matrix + bytes;
    const r2 = r1 + bytes;
    const r3 = r2 + bytes;
    for (let at: usize = 0; at < bytes; at += 16) {
      const x = v128.load(vector + at);
      s0 = f32x4.add(s0, f32x4.mul(v128.load(matrix + at), x));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(r1 + at), x));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(r2 + at), x));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(r3 + at), x));
    }
    v128.store(out, sumFour(s0, s1, s2, s3));
    matrix += four;
    out += 16;
  }
}

/** out[i] ← row ids[i] of `matrix` · `vector`, for `count` ids and rows of `bytes` bytes. */
export function gatherDots(matrix: usize, bytes: usize, ids: usize, count: i32, vector: usize, out: usize): void {
  for (let i = 0; i < count; i++) {
    const row = matrix + <usize>load<i32>(ids + (<usize>i << 2)) * bytes;
    store<f32>(out + (<usize>i << 2), dot(row, vector, bytes));
  }
}

/**
 * Moves the scores of the rows whose byte in `mask` is 0 to the front, in their order, and writes which rows they are to
 * `ids`. Answers how many.
 */
export function admitRows(scores: usize, mask: usize, rows: i32, ids: usize): i32 {
  let next = 0;
  for (let row = 0; row < rows; row++) {
    store<f32>(scores + (<usize>next << 2), load<f32>(scores + (<usize>row << 2)));
    store<i32>(ids + (<usize>next << 2), row);
    next += i32(load<u8>(mask + row) == 0);
  }
  return next;
}

/** Every `stride`-th score to `out`; answers how many. */
export function sampleScores(scores: usize, rows: i32, stride: i32, out: usize): i32 {
  let next = 0;
  for (let row = 0; row < rows; row += stride) {
    store<f32>(out + (<usize>next << 2), load<f32>(scores + (<usize>row << 2)));
    next++;
  }
  return next;
}

/**
 * The rows that score at least `threshold` and whose byte in `mask` is 0 (all, where `mask` is 0): their scores to `kept` and
 * which rows they are to `ids`, in rising order. Answers how many.
 */
export function rowsAbove(scores: usize, mask: usize, rows: i32, threshold: f32, kept: usize, ids: usize): i32 {
  const least = f32x4.splat(threshold);
  const whole = rows & ~3;
  let next = 0;
  for (let row = 0; row < whole; row += 4) {
    let above = i32x4.bitmask(f32x4.ge(v128.load(scores + (<usize>row << 2)), least));
    while (above != 0) {
      next += keepRow(scores, mask, row + ctz(above), kept, ids, next);
      above &= above - 1;
    }
  }
  for (let row = whole; row < rows; row++) {
    if (load<f32>(scores + (<usize>row << 2)) >= threshold) next += keepRow(scores, mask, row, kept, ids, next);
  }
  return next;
}

// @ts-ignore: decorator
@inline
function keepRow(scores: usize, mask: usize, row: i32, kept: usize, ids: usize, next: i32): i32 {
  if (mask != 0 && load<u8>(mask + row) != 0) return 0;
  store<f32>(kept + (<usize>next << 2), load<f32>(scores + (<usize>row << 2)));
  store<i32>(ids + (<usize>next << 2), row);
  return 1;
}
