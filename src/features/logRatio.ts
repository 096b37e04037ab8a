/**
 * The natural logarithm of how many times its expectation a count is, after both were drawn to each other: the mean of a
 * Gamma of mean 1 and the given shape, once the count was seen (see `shapeOf`). 0 for an infinite shape.
 */
export function logRatio(count: number, expected: number, shape: number): number {
  return shape === Number.POSITIVE_INFINITY ? 0 : Math.log((count + shape) / (expected + shape));
}
