/** What is needed of one level of counts to tell how much its ratios vary. */
export interface Dispersion {
  /** Σ E² over every cell. */
  expectedSquares: number;
  /** Σ (n − E)² − E over every cell: what varies beyond chance. */
  excess: number;
}

/**
 * How strongly the ratios of counts to their expectations are drawn to 1. A count n with expectation E is taken as Poisson
 * of λE, and λ as Gamma of mean 1 and shape a (DuMouchel 1999); a is estimated by moments, Var n = E + E²/a. Infinite
 * where nothing varies beyond chance.
 */
export function shapeOf({ expectedSquares, excess }: Dispersion): number {
  return excess > 0 ? expectedSquares / excess : Number.POSITIVE_INFINITY;
}

/** The logarithm of the mean of λ after a count was seen. */
export function logRatio(count: number, expected: number, shape: number): number {
  return shape === Number.POSITIVE_INFINITY ? 0 : Math.log((count + shape) / (expected + shape));
}
