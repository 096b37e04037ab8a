import { addScaledDoubles, dotDoubles, rotateDoubles } from './doubles';

/** Steps of QL after which an eigenvalue is taken as it is; a handful is the rule. */
const MOST_STEPS: i32 = 60;
const EPSILON: f64 = 2.220446049250313e-16;

// @ts-ignore: decorator
@inline
function at(vector: usize, index: i32): usize {
  return vector + (<usize>index << 3);
}

/**
 * Eigenvalues and vectors of a symmetric n × n matrix of doubles (both triangles given): Householder reduction and
 * implicit QL (`tred2` and `tql2` of EISPACK: Bowdler, Martin, Reinsch, Wilkinson 1968). Row j of `matrix` becomes the
 * eigenvector of `values[j]`, in no particular order. `scratch` is ours alone: n doubles. One piece of work: rows are not
 * shared out.
 */
export function symmetricEigen(matrix: usize, n: i32, values: usize, scratch: usize, _from: i32, _to: i32): void {
  if (n == 0) return;
  const bytes = <usize>n << 3;
  reduce(matrix, n, bytes, values, scratch);
  iterate(matrix, n, bytes, values, scratch);
}

/** To tridiagonal form: diagonal `d`, beside it `e` from place 1 on. Row j of `v` is column j of the transformation. */
function reduce(v: usize, n: i32, bytes: usize, d: usize, e: usize): void {
  for (let j = 0; j < n; j++) store<f64>(at(d, j), load<f64>(at(v + <usize>j * bytes, n - 1)));
  for (let i = n - 1; i > 0; i--) {
    const column = v + <usize>i * bytes;
    let scale: f64 = 0;
    for (let k = 0; k < i; k++) scale += abs(load<f64>(at(d, k)));
    let h: f64 = 0;
    if (scale == 0) {
      store<f64>(at(e, i), load<f64>(at(d, i - 1)));
      for (let j = 0; j < i; j++) {
        const other = v + <usize>j * bytes;
        store<f64>(at(d, j), load<f64>(at(other, i - 1)));
        store<f64>(at(other, i), 0);
        store<f64>(at(column, j), 0);
      }
    } else {
      for (let k = 0; k < i; k++) {
        const value = load<f64>(at(d, k)) / scale;
        store<f64>(at(d, k), value);
        h += value * value;
      }
      const last = load<f64>(at(d, i - 1));
      const root = last > 0 ? -sqrt(h) : sqrt(h);
      store<f64>(at(e, i), scale * root);
      h -= last * root;
      store<f64>(at(d, i - 1), last - root);
      memory.fill(e, 0, <usize>i << 3);
      for (let j = 0; j < i; j++) {
        const other = v + <usize>j * bytes;
        const f = load<f64>(at(d, j));
        store<f64>(at(column, j), f);
        const rest = i - j - 1;
        const below = at(other, j + 1);
        const g = load<f64>(at(e, j)) + load<f64>(at(other, j)) * f + dotDoubles(below, at(d, j + 1), rest);
        addScaledDoubles(f, below, at(e, j + 1), rest);
        store<f64>(at(e, j), g);
      }
      let sum: f64 = 0;
      for (let j = 0; j < i; j++) {
        const value = load<f64>(at(e, j)) / h;
        store<f64>(at(e, j), value);
        sum += value * load<f64>(at(d, j));
      }
      addScaledDoubles(-sum / (h + h), d, e, i);
      for (let j = 0; j < i; j++) {
        const other = v + <usize>j * bytes;
        const f = load<f64>(at(d, j));
        addScaledDoubles(-f, at(e, j), at(other, j), i - j);
        addScaledDoubles(-load<f64>(at(e, j)), at(d, j), at(other, j), i - j);
        store<f64>(at(d, j), load<f64>(at(other, i - 1)));
        store<f64>(at(other, i), 0);
      }
    }
    store<f64>(at(d, i), h);
  }
  for (let i = 0; i < n - 1; i++) {
    const own = v + <usize>i * bytes;
    const next = own + bytes;
    store<f64>(at(own, n - 1), load<f64>(at(own, i)));
    store<f64>(at(own, i), 1);
    const h = load<f64>(at(d, i + 1));
    if (h != 0) {
      for (let k = 0; k <= i; k++) store<f64>(at(d, k), load<f64>(at(next, k)) / h);
      for (let j = 0; j <= i; j++) {
        const other = v + <usize>j * bytes;
        addScaledDoubles(-dotDoubles(next, other, i + 1), d, other, i + 1);
      }
    }
    memory.fill(next, 0, <usize>(i + 1) << 3);
  }
  for (let j = 0; j < n; j++) {
    const last = at(v + <usize>j * bytes, n - 1);
    store<f64>(at(d, j), load<f64>(last));
    store<f64>(last, j == n - 1 ? 1 : 0);
  }
}

function iterate(v: usize, n: i32, bytes: usize, d: usize, e: usize): void {
  memory.copy(e, e + 8, <usize>(n - 1) << 3);
  store<f64>(at(e, n - 1), 0);
  let shift: f64 = 0;
  let largest: f64 = 0;
  for (let l = 0; l < n; l++) {
    largest = max(largest, abs(load<f64>(at(d, l))) + abs(load<f64>(at(e, l))));
    const small = EPSILON * largest;
    let m = l;
    while (m < n - 1 && abs(load<f64>(at(e, m))) > small) m++;
    for (let step = 0; m > l && step < MOST_STEPS; step++) {
      const first = load<f64>(at(d, l));
      const beside = load<f64>(at(e, l));
      let p = (load<f64>(at(d, l + 1)) - first) / (2 * beside);
      const r = p < 0 ? -length(p, 1) : length(p, 1);
      store<f64>(at(d, l), beside / (p + r));
      const second = beside * (p + r);
      store<f64>(at(d, l + 1), second);
      const move = first - load<f64>(at(d, l));
      for (let i = l + 2; i < n; i++) store<f64>(at(d, i), load<f64>(at(d, i)) - move);
      shift += move;
      p = load<f64>(at(d, m));
      let c: f64 = 1;
      let c2: f64 = 1;
      let c3: f64 = 1;
      let s: f64 = 0;
      let s2: f64 = 0;
      const afterFirst = load<f64>(at(e, l + 1));
      for (let i = m - 1; i >= l; i--) {
        c3 = c2;
        c2 = c;
        s2 = s;
        const ei = load<f64>(at(e, i));
        const di = load<f64>(at(d, i));
        const g = c * ei;
        const h = c * p;
        const r = length(p, ei);
        store<f64>(at(e, i + 1), s * r);
        s = ei / r;
        c = p / r;
        p = c * di - s * g;
        store<f64>(at(d, i + 1), h + s * (c * g + s * di));
        rotateDoubles(c, s, v + <usize>i * bytes, v + <usize>(i + 1) * bytes, n);
      }
      p = (-s * s2 * c3 * afterFirst * load<f64>(at(e, l))) / second;
      store<f64>(at(e, l), s * p);
      store<f64>(at(d, l), c * p);
      if (abs(load<f64>(at(e, l))) <= small) break;
    }
    store<f64>(at(d, l), load<f64>(at(d, l)) + shift);
    store<f64>(at(e, l), 0);
  }
}

/** √(a² + b²) without overflow. */
// @ts-ignore: decorator
@inline
function length(a: f64, b: f64): f64 {
  const large = max(abs(a), abs(b));
  if (large == 0) return 0;
  const ratio = min(abs(a), abs(b)) / large;
  return large * sqrt(1 + ratio * ratio);
}
