// Plain forms of the kernels, in double precision, to test them against.
import type { FollowJob } from '../../../src/kernels/follows.js';
import type { ScoringModel } from '../../../src/kernels/scorer.js';

export interface Rows {
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
}

/** XᵀX of n rows of d. */
export function gram(rows: Float32Array, n: number, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        out[i * d + j] = (out[i * d + j] ?? 0) + (rows[row * d + i] ?? 0) * (rows[row * d + j] ?? 0);
      }
    }
  }
  return out;
}

/** Matrix and right side of one row's normal equations of implicit ALS. */
export function normalEquations(
  other: Float32Array,
  d: number,
  weightedGram: Float64Array,
  entries: readonly { readonly column: number; readonly confidence: number }[],
  ridge: number,
): { left: Float64Array; right: Float64Array } {
  const left = Float64Array.from(weightedGram);
  const right = new Float64Array(d);
  for (let i = 0; i < d; i++) left[i * d + i] = (left[i * d + i] ?? 0) + ridge;
  for (const { column, confidence } of entries) {
    for (let i = 0; i < d; i++) {
      const y = other[column * d + i] ?? 0;
      right[i] = (right[i] ?? 0) + Math.max(confidence, 0) * y;
      for (let j = 0; j < d; j++) {
        left[i * d + j] = (left[i * d + j] ?? 0) + Math.abs(confidence) * y * (other[column * d + j] ?? 0);
      }
    }
  }
  return { left, right };
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** `steps` steps of conjugate gradient on A x = b from `start`. */
export function conjugateGradient(a: Float64Array, b: Float64Array, start: ArrayLike<number>, steps: number): number[] {
  let x = Array.from(start);
  let r = multiply(a, x).map((v, i) => (b[i] ?? 0) - v);
  let p = r;
  for (let step = 0; step < steps && dot(r, r) > 1e-20; step++) {
    const image = multiply(a, p);
    const length = dot(r, r) / dot(p, image);
    const next = r.map((v, i) => v - length * (image[i] ?? 0));
    x = x.map((v, i) => v + length * (p[i] ?? 0));
    const turn = dot(next, next) / dot(r, r);
    p = next.map((v, i) => v + turn * (p[i] ?? 0));
    r = next;
  }
  return x;
}

/** xᵀAx − 2xᵀb */
export function energy(a: Float64Array, b: Float64Array, x: ArrayLike<number>): number {
  return dot(x, multiply(a, x)) - 2 * dot(x, b);
}

function multiply(a: Float64Array, v: ArrayLike<number>): number[] {
  const d = v.length;
  return Array.from({ length: d }, (_, i) => dot(a.subarray(i * d, (i + 1) * d), v));
}

/** The best k of `scores` by falling score, then rising index. */
export function topK(scores: Float32Array, k: number): number[] {
  return Array.from(scores.keys())
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
    .slice(0, k);
}

/** Similarity of every pair of items, dense, row after row (see `assembly/covisits.ts`). */
export function covisits(
  histories: readonly (readonly { readonly item: number; readonly weight: number; readonly place: number }[])[],
  items: number,
  rowNorms: Float32Array,
  columnNorms: Float32Array,
  decay: Float32Array,
  shrinkage: number,
): Float64Array {
  const co = new Float64Array(items * items);
  for (const history of histories) {
    for (const a of history) {
      for (const b of history) {
        const gap = Math.min(Math.abs(a.place - b.place), decay.length - 1);
        const at = a.item * items + b.item;
        co[at] = (co[at] ?? 0) + Math.min(a.weight, b.weight) * (decay[gap] ?? 0);
      }
    }
  }
  return co.map((sum, at) => {
    const i = Math.floor(at / items);
    const j = at % items;
    if (i === j || sum === 0) return 0;
    return Math.min(1, ((sum / (sum + shrinkage)) * sum) / ((rowNorms[i] ?? 1) * (columnNorms[j] ?? 1)));
  });
}

/** A · B for rows × inner and inner × columns, row after row. */
export function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { rows, inner, columns }: { readonly rows: number; readonly inner: number; readonly columns: number },
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      for (let j = 0; j < columns; j++) {
        out[i * columns + j] = (out[i * columns + j] ?? 0) + (a[i * inner + k] ?? 0) * (b[k * columns + j] ?? 0);
      }
    }
  }
  return out;
}

/** Eigenvalues, falling, of a symmetric n × n matrix by cyclic Jacobi rotations (Golub and Van Loan, 8.5), and their vectors as rows. */
export function jacobi(matrix: ArrayLike<number>, n: number): { values: number[]; vectors: number[][] } {
  const a = Float64Array.from(matrix);
  const v = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
  const rotate = (m: Float64Array, x: number, y: number, c: number, s: number) => {
    const [p, q] = [m[x] ?? 0, m[y] ?? 0];
    m[x] = c * p - s * q;
    m[y] = s * p + c * q;
  };
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q] ?? 0;
        if (Math.abs(off) < 1e-300) continue;
        const theta = ((a[q * n + q] ?? 0) - (a[p * n + p] ?? 0)) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        for (let k = 0; k < n; k++) rotate(a, k * n + p, k * n + q, c, t * c);
        for (let k = 0; k < n; k++) rotate(a, p * n + k, q * n + k, c, t * c);
        for (let k = 0; k < n; k++) rotate(v, p * n + k, q * n + k, c, t * c);
      }
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => (a[j * n + j] ?? 0) - (a[i * n + i] ?? 0));
  return {
    values: order.map((i) => a[i * n + i] ?? 0),
    vectors: order.map((i) => Array.from(v.subarray(i * n, (i + 1) * n))),
  };
}

/** How strongly each item follows each context, dense: contexts × items. */
export function follows({
  encountered,
  contexts,
  columnNorms,
  decay,
  fade,
  across,
  shrinkage,
}: FollowJob): Float64Array {
  const items = columnNorms.length;
  const sums = new Float64Array(contexts.norms.length * items);
  for (let context = 0; context < contexts.norms.length; context++) {
    for (let at = contexts.offsets[context] ?? 0; at < (contexts.offsets[context + 1] ?? 0); at++) {
      const entry = contexts.entries[at] ?? 0;
      const difference = (values: ArrayLike<number>, other: number) => (values[other] ?? 0) - (values[entry] ?? 0);
      for (let other = contexts.firsts[at] ?? 0; other < (encountered.ends[entry] ?? 0); other++) {
        const gap = difference(encountered.places, other);
        if (other === entry || gap >= decay.length) continue;
        const soon = (decay[Math.max(gap, 2)] ?? 0) / (1 + difference(encountered.times, other) / fade);
        const session = difference(encountered.sessions, other) === 0 ? 1 : across;
        const order = gap === 0 ? 0.5 : 1;
        const column = context * items + (encountered.items[other] ?? 0);
        sums[column] =
          (sums[column] ?? 0) +
          (contexts.weights[at] ?? 0) * (encountered.follows[other] ?? 0) * soon * session * order;
      }
    }
  }
  return sums.map((sum, at) => {
    if (sum === 0) return 0;
    const norm = (contexts.norms[Math.floor(at / items)] ?? 1) * (columnNorms[at % items] ?? 1);
    return Math.min(1, ((sum / (sum + shrinkage)) * sum) / norm);
  });
}

/** Gradient and curvature per feature of `looked` and bin over the rows of `node` whose curvature is not 0. */
export function histogram(
  rows: readonly {
    readonly bins: readonly number[];
    readonly pair: readonly [number, number];
    readonly node: number;
  }[],
  node: number,
  looked: readonly number[],
  binCount: number,
): Float64Array {
  const sums = new Float64Array(looked.length * binCount * 2);
  for (const row of rows) {
    if (row.node !== node || row.pair[1] === 0) continue;
    for (const [place, feature] of looked.entries()) {
      const at = (place * binCount + (row.bins[feature] ?? 0)) * 2;
      for (const [k, value] of row.pair.entries()) sums[at + k] = (sums[at + k] ?? 0) + value;
    }
  }
  return sums;
}

/** What a scoring model says of one row, before its link. */
export function scoreRow(model: ScoringModel, row: ArrayLike<number>): number {
  let score = model.bias + dot(model.weights, row);
  for (const { features, thresholds, values } of model.symmetricTrees) {
    let place = 0;
    for (const [level, feature] of features.entries()) {
      place = 2 * place + ((row[feature] ?? 0) <= (thresholds[level] ?? 0) ? 0 : 1);
    }
    score += values[place] ?? 0;
  }
  for (const { features, thresholds, left, right, values } of model.nodeTrees) {
    let node = 0;
    for (let feature = features[0] ?? -1; feature >= 0; feature = features[node] ?? -1) {
      node = ((row[feature] ?? 0) <= (thresholds[node] ?? 0) ? left[node] : right[node]) ?? 0;
    }
    score += values[node] ?? 0;
  }
  return score;
}

/** The link of a scoring model. */
export function linked(link: ScoringModel['link'], score: number): number {
  if (link === 'identity') return score;
  if (link === 'logistic') return 1 / (1 + Math.exp(-score));
  return link.knots.reduce(
    (sum, knot, k) => sum + (link.slopes[k] ?? 0) * Math.min(Math.max(score - knot, 0), link.widths[k] ?? 0),
    link.lowest,
  );
}
