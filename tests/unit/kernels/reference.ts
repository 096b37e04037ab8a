// Plain forms of the kernels, in double precision, to test them against.

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

/** Gradient, curvature and count per feature and bin over the rows of `node` whose curvature is not 0. */
export function histogram(
  rows: readonly {
    readonly bins: readonly number[];
    readonly pair: readonly [number, number];
    readonly node: number;
  }[],
  node: number,
  features: number,
  binCount: number,
): Float64Array {
  const sums = new Float64Array(features * binCount * 3);
  for (const row of rows) {
    if (row.node !== node || row.pair[1] === 0) continue;
    for (const [feature, bin] of row.bins.entries()) {
      const at = (feature * binCount + bin) * 3;
      for (const [k, value] of [...row.pair, 1].entries()) sums[at + k] = (sums[at + k] ?? 0) + value;
    }
  }
  return sums;
}
