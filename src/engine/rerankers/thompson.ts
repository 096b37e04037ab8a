/** Log-odds at which the posteriors are looked at: chances from one in ten thousand to all but one in a thousand. */
const GRID = Float64Array.from({ length: 57 }, (_, at) => -9.2 + 0.29 * at);
const LOG_P = GRID.map((t) => -Math.log1p(Math.exp(-t)));
const LOG_Q = GRID.map((t) => -Math.log1p(Math.exp(t)));

/**
 * With which probability each of some items is the best of them, when all that is known of how good they are is a Beta
 * posterior: what Thompson sampling (1933) chooses it with, worked out instead of drawn, so that it can be logged. On a grid, and
 * scaled to sum to 1: these numbers are the policy, not an estimate of it.
 */
export function chancesToBeBest(alphas: Float64Array, betas: Float64Array): Float64Array {
  const n = alphas.length;
  const points = GRID.length;
  const mass = new Float64Array(n * points);
  const below = new Float64Array(n * points);
  for (let i = 0; i < n; i++) weighPosterior(alphas[i] ?? 1, betas[i] ?? 1, i * points, mass, below);
  const chances = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    let chance = 0;
    for (let at = 0; at < points; at++) {
      let others = mass[i * points + at] ?? 0;
      for (let j = 0; j < n && others > 0; j++) if (j !== i) others *= below[j * points + at] ?? 0;
      chance += others;
    }
    chances[i] = chance;
    total += chance;
  }
  for (let i = 0; i < n; i++) chances[i] = total > 0 ? (chances[i] ?? 0) / total : 1 / n;
  return chances;
}

/** The mass of each point, and the mass below it with half of its own. In log-odds the density is p^α (1 − p)^β. */
function weighPosterior(alpha: number, beta: number, from: number, mass: Float64Array, below: Float64Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < GRID.length; at++) {
    const log = alpha * (LOG_P[at] ?? 0) + beta * (LOG_Q[at] ?? 0);
    mass[from + at] = log;
    largest = Math.max(largest, log);
  }
  let sum = 0;
  for (let at = 0; at < GRID.length; at++) {
    const weight = Math.exp((mass[from + at] ?? 0) - largest);
    mass[from + at] = weight;
    sum += weight;
  }
  let under = 0;
  for (let at = 0; at < GRID.length; at++) {
    const share = (mass[from + at] ?? 0) / sum;
    mass[from + at] = share;
    below[from + at] = under + share / 2;
    under += share;
  }
}
