/** Sums over the cells of two independent samples of the same rates: counts n and m with the expectations E and F. */
export interface Agreement {
  /** Σ E·F. */
  expected: number;
  /** Σ (n − E)·(m − F): how far the samples stray from their expectations together. */
  shared: number;
}

/**
 * How strongly the ratios of counts to their expectations are drawn to 1. A count n with expectation E is taken as Poisson of
 * λE, and λ as Gamma of mean 1 and shape a (DuMouchel 1999). Of two samples that share nothing but λ, Cov(n, m) = E·F / a:
 * what strays in one sample alone, by chance or by the taste of the few who are in it, does not count. Infinite where
 * nothing is shared.
 */
export function shapeOf({ expected, shared }: Agreement): number {
  return shared > 0 ? expected / shared : Number.POSITIVE_INFINITY;
}
