// Scores rows of features: a line, trees and a curve, one after the other into the same column. Rows come in blocks of 16; what is
// computed for those beyond the last one is not read.

const BLOCK: i32 = 16;

/** columns[f][r] ← rows[r][f], for rows in blocks of 16. A column is `columnBytes` long. */
export function toColumns(rows: usize, blocks: i32, width: i32, columns: usize, columnBytes: usize): void {
  const rowBytes = <usize>width << 2;
  const whole = width & ~3;
  const quarters = blocks << 2;
  for (let quarter = 0; quarter < quarters; quarter++) {
    const r1 = rows + rowBytes;
    const r2 = r1 + rowBytes;
    const r3 = r2 + rowBytes;
    let out = columns + (<usize>quarter << 4);
    let feature = 0;
    for (; feature < whole; feature += 4) {
      const at = <usize>feature << 2;
      const a = v128.load(rows + at);
      const b = v128.load(r1 + at);
      const c = v128.load(r2 + at);
      const d = v128.load(r3 + at);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
      out += columnBytes;
      v128.store(out, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
      out += columnBytes;
      v128.store(out, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5));
      out += columnBytes;
      v128.store(out, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7));
      out += columnBytes;
    }
    for (; feature < width; feature++) {
      const at = <usize>feature << 2;
      store<f32>(out, load<f32>(rows + at));
      store<f32>(out, load<f32>(r1 + at), 4);
      store<f32>(out, load<f32>(r2 + at), 8);
      store<f32>(out, load<f32>(r3 + at), 12);
      out += columnBytes;
    }
    rows = r3 + rowBytes;
  }
}

/** out[r] ← bias + Σ weight · its column[r] */
export function lineRows(
  columns: usize,
  blocks: i32,
  weights: usize, // pairs: i32 bytes to the column, f32 weight
  count: i32,
  bias: f32,
  out: usize, // f32
): void {
  const end = weights + (<usize>count << 3);
  for (let block = 0; block < blocks; block++) {
    let s0 = f32x4.splat(bias);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let pair = weights; pair < end; pair += 8) {
      const column = columns + load<i32>(pair);
      const weight = v128.load32_splat(pair, 4);
      s0 = f32x4.add(s0, f32x4.mul(weight, v128.load(column)));
      s1 = f32x4.add(s1, f32x4.mul(weight, v128.load(column, 16)));
      s2 = f32x4.add(s2, f32x4.mul(weight, v128.load(column, 32)));
      s3 = f32x4.add(s3, f32x4.mul(weight, v128.load(column, 48)));
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    columns += BLOCK << 2;
    out += BLOCK << 2;
  }
}

// @ts-ignore: decorator
@inline
function gather(places: v128, last: usize): v128 {
  const bytes = i32x4.shl(places, 2);
  const a = v128.load32_zero(last + i32x4.extract_lane(bytes, 0));
  const b = v128.load32_lane(last + i32x4.extract_lane(bytes, 1), a, 1);
  const c = v128.load32_lane(last + i32x4.extract_lane(bytes, 2), b, 2);
  return v128.load32_lane(last + i32x4.extract_lane(bytes, 3), c, 3);
}

/**
 * Adds to out[r] one value of each tree whose nodes ask alike on a level. A tree is i32 levels, then per level i32 bytes to the
 * column and f32 threshold, then 2^levels f32 values. A value that is not at most the threshold, NaN too, goes right.
 */
export function symmetricTrees(
  columns: usize,
  blocks: i32,
  trees: usize,
  count: i32,
  out: usize, // f32
): void {
  for (let tree = 0; tree < count; tree++) {
    const levels = load<i32>(trees);
    const first = trees + 4;
    const values = first + (<usize>levels << 3);
    trees = values + (<usize>4 << levels);
    // A level that goes left takes from the place what remains to the right of it: counted down from the last value.
    const last = trees - 4;
    let shift: usize = 0;
    for (let block = 0; block < blocks; block++) {
      let p0 = i32x4.splat(0);
      let p1 = p0;
      let p2 = p0;
      let p3 = p0;
      for (let level = first; level < values; level += 8) {
        const column = columns + load<i32>(level) + shift;
        const threshold = v128.load32_splat(level, 4);
        p0 = i32x4.add(i32x4.add(p0, p0), f32x4.le(v128.load(column), threshold));
        p1 = i32x4.add(i32x4.add(p1, p1), f32x4.le(v128.load(column, 16), threshold));
        p2 = i32x4.add(i32x4.add(p2, p2), f32x4.le(v128.load(column, 32), threshold));
        p3 = i32x4.add(i32x4.add(p3, p3), f32x4.le(v128.load(column, 48), threshold));
      }
      const at = out + shift;
      v128.store(at, f32x4.add(v128.load(at), gather(p0, last)));
      v128.store(at, f32x4.add(v128.load(at, 16), gather(p1, last)), 16);
      v128.store(at, f32x4.add(v128.load(at, 32), gather(p2, last)), 32);
      v128.store(at, f32x4.add(v128.load(at, 48), gather(p3, last)), 48);
      shift += BLOCK << 2;
    }
  }
}

// @ts-ignore: decorator
@inline
function next(node: usize, row: usize): usize {
  const right = !(load<f32>(row + load<u32>(node, 4)) <= load<f32>(node));
  return load<u32>(node, 8) + (load<u32>(node, 12) & -(<u32>right));
}

/**
 * Adds to out[r] one value of each tree, four trees at a time so that four loads are under way at once. A tree is u32 root and i32
 * levels. A node is f32 threshold (the value of a leaf), u32 bytes to the feature in its row, u32 left child, u32 bytes
 * from there to the right child; a leaf is its own only child. `count` is a multiple of 4.
 */
export function nodeTrees(
  rows: usize, // f32, rows × width
  rowBytes: usize,
  rowCount: i32,
  trees: usize,
  count: i32,
  out: usize, // f32
): void {
  const end = trees + (<usize>count << 3);
  for (let tree = trees; tree < end; tree += 32) {
    const levels = max(
      max(load<i32>(tree, 4), load<i32>(tree, 12)),
      max(load<i32>(tree, 20), load<i32>(tree, 28)),
    );
    let row = rows;
    for (let at = out, stop = out + (<usize>rowCount << 2); at < stop; at += 4, row += rowBytes) {
      let a: usize = load<u32>(tree);
      let b: usize = load<u32>(tree, 8);
      let c: usize = load<u32>(tree, 16);
      let d: usize = load<u32>(tree, 24);
      for (let level = 0; level < levels; level++) {
        a = next(a, row);
        b = next(b, row);
        c = next(c, row);
        d = next(d, row);
      }
      store<f32>(at, load<f32>(at) + load<f32>(a) + load<f32>(b) + (load<f32>(c) + load<f32>(d)));
    }
  }
}

/** out[r] ← lowest + Σ slopes[k] · min(max(out[r] − knots[k], 0), widths[k]): a line from knot to knot, level beyond them. */
export function curveRows(
  blocks: i32,
  knots: usize, // f32 triples: knot, width, slope
  count: i32,
  lowest: f32,
  out: usize, // f32
): void {
  const zero = f32x4.splat(0);
  const end = knots + <usize>count * 12;
  for (let block = 0; block < blocks << 2; block++) {
    const x = v128.load(out);
    let y = f32x4.splat(lowest);
    for (let knot = knots; knot < end; knot += 12) {
      const beyond = f32x4.max(f32x4.sub(x, v128.load32_splat(knot)), zero);
      const within = f32x4.min(beyond, v128.load32_splat(knot, 4));
      y = f32x4.add(y, f32x4.mul(v128.load32_splat(knot, 8), within));
    }
    v128.store(out, y);
    out += 16;
  }
}
