/** Columns of a panel. */
const PANEL: i32 = 8;
const PANEL_BYTES: usize = 32;
/** Rows that are packed and multiplied at a time, so that what is packed stays in the cache. */
const ROWS: i32 = 128;

/**
 * Lower triangle of XᵀX over the rows [from, to) of X, added to the place of this block in `parts`: one square of floats
 * per `blockRows` rows, as wide as X padded to a multiple of eight. `bytes` is the length of a row of X. Above the
 * diagonal only what shares an 8 × 8 tile with it is written. `scratch` is ours alone: 128 padded rows.
 */
export function gramBlock(
  rows: usize,
  bytes: usize,
  parts: usize,
  blockRows: i32,
  scratch: usize,
  from: i32,
  to: i32,
): void {
  const panels = <i32>((bytes + PANEL_BYTES - 1) / PANEL_BYTES);
  const stride = <usize>panels * PANEL_BYTES;
  const out = parts + <usize>(from / blockRows) * <usize>(panels * PANEL) * stride;
  for (let start = from; start < to; start += ROWS) {
    const count = min(ROWS, to - start);
    pack(rows + <usize>start * bytes, bytes, count, panels, scratch);
    for (let i = 0; i < panels; i++) {
      const left = scratch + <usize>(i * ROWS) * PANEL_BYTES;
      const place = out + <usize>(i * PANEL) * stride;
      for (let j = 0; j <= i; j++) {
        const right = scratch + <usize>(j * ROWS) * PANEL_BYTES;
        const at = place + <usize>j * PANEL_BYTES;
        addTile(left, right, count, at, stride);
        addTile(left + 16, right, count, at + 4 * stride, stride);
      }
    }
  }
}

/** Panel p of `out` holds columns 8p to 8p + 7 of the rows, one row after the other; beyond the end of a row, zeros. */
function pack(rows: usize, bytes: usize, count: i32, panels: i32, out: usize): void {
  const zero = f32x4.splat(0);
  for (let panel = 0; panel < panels; panel++) {
    const column = <usize>panel * PANEL_BYTES;
    const whole = column + 16 < bytes;
    const target = out + <usize>(panel * ROWS) * PANEL_BYTES;
    for (let row = 0; row < count; row++) {
      const from = rows + <usize>row * bytes + column;
      const to = target + <usize>row * PANEL_BYTES;
      v128.store(to, v128.load(from));
      v128.store(to, whole ? v128.load(from, 16) : zero, 16);
    }
  }
}

/** Adds Σ aᵀ b to a tile of 4 × 8, where a is the first four floats of each row of `left` and b is a row of `right`. */
// @ts-ignore: decorator
@inline
function addTile(left: usize, right: usize, count: i32, out: usize, stride: usize): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  const end = left + <usize>count * PANEL_BYTES;
  while (left < end) {
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
    left += PANEL_BYTES;
    right += PANEL_BYTES;
  }
  addTo(out, a0, a1);
  addTo(out + stride, b0, b1);
  addTo(out + 2 * stride, c0, c1);
  addTo(out + 3 * stride, d0, d1);
}

// @ts-ignore: decorator
@inline
function addTo(out: usize, low: v128, high: v128): void {
  v128.store(out, f32x4.add(v128.load(out), low));
  v128.store(out, f32x4.add(v128.load(out, 16), high), 16);
}
