/** Rows that share one pass over a panel. */
const ROWS: i32 = 32;
const PANEL_BYTES: usize = 32;

/**
 * y[row] ← x[row] · T for the rows [from, to). Panel p of `panels` holds columns 8p to 8p + 7 of T, a row of eight floats
 * after the other; y has as many columns as the panels together. With `upper` T is zero below its diagonal, which is not
 * read. `bytes` is the length of a row of x. y may be x where both have the same width. `scratch` is ours alone: 32 rows of x.
 */
export function multiplyPanels(
  x: usize,
  bytes: usize,
  panels: usize,
  panelCount: i32,
  upper: i32,
  y: usize,
  scratch: usize,
  from: i32,
  to: i32,
): void {
  const width = <i32>(bytes >> 2);
  const stride = <usize>panelCount * PANEL_BYTES;
  const group = bytes << 2;
  for (let start = from; start < to; start += ROWS) {
    const end = min(start + ROWS, to);
    for (let row = start; row < end; row += 4) {
      interleave(x + <usize>row * bytes, bytes, min(4, end - row), scratch + <usize>((row - start) >> 2) * group);
    }
    for (let panel = 0; panel < panelCount; panel++) {
      const depth = upper ? min(width, (panel + 1) << 3) : width;
      const right = panels + <usize>(panel * width) * PANEL_BYTES;
      for (let row = start; row < end; row += 4) {
        const left = scratch + <usize>((row - start) >> 2) * group;
        const out = y + <usize>row * stride + <usize>panel * PANEL_BYTES;
        multiplyTile(left, right, depth, out, stride, min(4, end - row));
      }
    }
  }
}

/** The k-th floats of four rows side by side; rows beyond `count` are what the scratch held. */
function interleave(rows: usize, bytes: usize, count: i32, out: usize): void {
  for (let row = 0; row < count; row++) {
    const from = rows + <usize>row * bytes;
    let to = out + (<usize>row << 2);
    for (let at: usize = 0; at < bytes; at += 4) {
      store<f32>(to, load<f32>(from + at));
      to += 16;
    }
  }
}

// @ts-ignore: decorator
@inline
function multiplyTile(left: usize, right: usize, depth: i32, out: usize, stride: usize, count: i32): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  const end = right + <usize>depth * PANEL_BYTES;
  while (right < end) {
    const x = v128.load(right);
    const y = v128.load(right, 16);
    const a = v128.load32_splat(left);
    a0 = f32x4.add(a0, f32x4.mul(a, x));
    a1 = f32x4.add(a1, f32x4.mul(a, y));
    const b = v128.load32_splat(left, 4);
    b0 = f32x4.add(b0, f32x4.mul(b, x));
    b1 = f32x4.add(b1, f32x4.mul(b, y));
    const c = v128.load32_splat(left, 8);
    c0 = f32x4.add(c0, f32x4.mul(c, x));
    c1 = f32x4.add(c1, f32x4.mul(c, y));
    const d = v128.load32_splat(left, 12);
    d0 = f32x4.add(d0, f32x4.mul(d, x));
    d1 = f32x4.add(d1, f32x4.mul(d, y));
    left += 16;
    right += PANEL_BYTES;
  }
  put(out, a0, a1);
  if (count > 1) put(out + stride, b0, b1);
  if (count > 2) put(out + 2 * stride, c0, c1);
  if (count > 3) put(out + 3 * stride, d0, d1);
}

// @ts-ignore: decorator
@inline
function put(out: usize, low: v128, high: v128): void {
  v128.store(out, low);
  v128.store(out, high, 16);
}
