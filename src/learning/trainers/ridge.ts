/**
 * Several ridge regressions on the same inputs, out of sums alone. `moments` is Σ w z zᵀ (`width` numbers a row) over
 * rows z = (x, y, padding) with `inputs` numbers x, the last of them always 1, and `outputs` numbers y.
 */
export interface RidgeMoments {
  readonly moments: Float64Array;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** B = (Σ w x xᵀ + penalty · I)⁻¹ Σ w x yᵀ, inputs × outputs; the constant input pays no penalty. */
export function solveRidge({ moments, width, inputs, outputs }: RidgeMoments, penalty: number): Float64Array {
  const left = new Float64Array(inputs * inputs);
  const solution = new Float64Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j <= i; j++) left[i * inputs + j] = moments[i * width + j] ?? 0;
    left[i * inputs + i] = (left[i * inputs + i] ?? 0) + (i < inputs - 1 ? penalty : 0);
    for (let j = 0; j < outputs; j++) solution[i * outputs + j] = moments[i * width + inputs + j] ?? 0;
  }
  factorise(left, inputs);
  for (let i = 0; i < inputs; i++) {
    for (let k = 0; k < i; k++) subtractRow(solution, i, k, left[i * inputs + k] ?? 0, outputs);
    divideRow(solution, i, left[i * inputs + i] ?? 1, outputs);
  }
  for (let i = inputs - 1; i >= 0; i--) {
    for (let k = i + 1; k < inputs; k++) subtractRow(solution, i, k, left[k * inputs + i] ?? 0, outputs);
    divideRow(solution, i, left[i * inputs + i] ?? 1, outputs);
  }
  return solution;
}

/** What the predictions x·B are like on the rows of other moments. */
export interface RidgeFit {
  /** Σ w ‖y‖² */
  readonly truth: number;
  /** Σ w (x·B)·y */
  readonly agreement: number;
  /** Σ w ‖x·B‖² */
  readonly prediction: number;
}

export function judgeRidge({ moments, width, inputs, outputs }: RidgeMoments, solution: Float64Array): RidgeFit {
  let truth = 0;
  let agreement = 0;
  let prediction = 0;
  for (let j = 0; j < outputs; j++) truth += moments[(inputs + j) * width + inputs + j] ?? 0;
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) {
      const own = solution[i * outputs + j] ?? 0;
      agreement += own * (moments[i * width + inputs + j] ?? 0);
      for (let k = 0; k < inputs; k++) {
        prediction += own * (moments[i * width + k] ?? 0) * (solution[k * outputs + j] ?? 0);
      }
    }
  }
  return { truth, agreement, prediction };
}

/** Cholesky, lower triangle, in place. A direction that nothing speaks for gets the least of pivots, not a NaN. */
function factorise(a: Float64Array, d: number): void {
  for (let i = 0; i < d; i++) {
    const least = 1e-12 * (a[i * d + i] ?? 0) + Number.MIN_VALUE;
    for (let j = 0; j <= i; j++) {
      let sum = a[i * d + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (a[i * d + k] ?? 0) * (a[j * d + k] ?? 0);
      a[i * d + j] = i === j ? Math.sqrt(Math.max(sum, least)) : sum / (a[j * d + j] ?? 1);
    }
  }
}

function subtractRow(rows: Float64Array, from: number, other: number, factor: number, width: number): void {
  if (factor === 0) return;
  for (let j = 0; j < width; j++) {
    rows[from * width + j] = (rows[from * width + j] ?? 0) - factor * (rows[other * width + j] ?? 0);
  }
}

function divideRow(rows: Float64Array, row: number, by: number, width: number): void {
  for (let j = 0; j < width; j++) rows[row * width + j] = (rows[row * width + j] ?? 0) / by;
}
