import { addScaledDoubles, dotDoubles, scaleDoubles } from './doubles';

/**
 * For a symmetric positive semi-definite G (n × n doubles, lower triangle read, overwritten) the inverse of its Cholesky
 * factor: `inverse` becomes lower triangular M with M G Mᵀ = I. A row whose pivot is at most `tolerance` times its
 * diagonal depends on those before it: its row and column of M are zero, and 0 stands for 1 in its place of the identity.
 * `inverse` is zero at the start. One piece of work: rows are not shared out.
 */
export function inverseCholesky(gram: usize, n: i32, tolerance: f64, inverse: usize, _from: i32, _to: i32): void {
  const bytes = <usize>n << 3;
  for (let i = 0; i < n; i++) {
    const row = gram + <usize>i * bytes;
    const own = inverse + <usize>i * bytes;
    const diagonal = row + (<usize>i << 3);
    const whole = load<f64>(diagonal);
    for (let j = 0; j < i; j++) {
      const other = gram + <usize>j * bytes;
      const at = row + (<usize>j << 3);
      const pivot = load<f64>(other + (<usize>j << 3));
      store<f64>(at, pivot > 0 ? (load<f64>(at) - dotDoubles(row, other, j)) / pivot : 0);
    }
    const square = whole - dotDoubles(row, row, i);
    if (!(square > tolerance * whole)) {
      store<f64>(diagonal, 0);
      continue;
    }
    const pivot = sqrt(square);
    store<f64>(diagonal, pivot);
    // Row i of M: (eᵢ − Σ Lᵢₖ Mₖ) / Lᵢᵢ
    for (let k = 0; k < i; k++) {
      addScaledDoubles(-load<f64>(row + (<usize>k << 3)), inverse + <usize>k * bytes, own, k + 1);
    }
    store<f64>(own + (<usize>i << 3), 1);
    scaleDoubles(1 / pivot, own, i + 1);
  }
}
