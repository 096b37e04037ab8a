/** Log-odds to probability. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Probability to log-odds; what is surer than one in a million counts as that. */
export function logit(p: number): number {
  const inside = Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  return Math.log(inside / (1 - inside));
}

/** The probability whose odds are those of `p` times `factor`. Certainties stay certain. */
export function timesOdds(p: number, factor: number): number {
  return (p * factor) / (1 - p + p * factor);
}
