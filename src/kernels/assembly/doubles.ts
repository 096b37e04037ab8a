// Double vectors in linear memory, of any length. Two sums side by side, added at the end: one order for every kernel.

/** Σ a[i] · b[i] */
export function dotDoubles(a: usize, b: usize, length: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a), v128.load(b)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
    a += 32;
    b += 32;
  }
  const both = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < length; i++) {
    sum += load<f64>(a) * load<f64>(b);
    a += 8;
    b += 8;
  }
  return sum;
}

/** y ← y + scale · x */
export function addScaledDoubles(scale: f64, x: usize, y: usize, length: i32): void {
  const s = f64x2.splat(scale);
  let i = 0;
  for (; i + 1 < length; i += 2) {
    v128.store(y, f64x2.add(v128.load(y), f64x2.mul(s, v128.load(x))));
    x += 16;
    y += 16;
  }
  if (i < length) store<f64>(y, load<f64>(y) + scale * load<f64>(x));
}

/** x ← scale · x */
export function scaleDoubles(scale: f64, x: usize, length: i32): void {
  for (let i = 0; i < length; i++) {
    store<f64>(x, scale * load<f64>(x));
    x += 8;
  }
}

/** (x, y) ← (c · x − s · y, s · x + c · y) */
export function rotateDoubles(c: f64, s: f64, x: usize, y: usize, length: i32): void {
  const cc = f64x2.splat(c);
  const ss = f64x2.splat(s);
  let i = 0;
  for (; i + 1 < length; i += 2) {
    const a = v128.load(x);
    const b = v128.load(y);
    v128.store(x, f64x2.sub(f64x2.mul(cc, a), f64x2.mul(ss, b)));
    v128.store(y, f64x2.add(f64x2.mul(ss, a), f64x2.mul(cc, b)));
    x += 16;
    y += 16;
  }
  if (i < length) {
    const a = load<f64>(x);
    const b = load<f64>(y);
    store<f64>(x, c * a - s * b);
    store<f64>(y, s * a + c * b);
  }
}
