/**
 * How tired someone is of an item that was shown to them `shown` times without their acting on it: 0 for up to three
 * times, then one step more for each doubling (4, 8, 16, …). A step halves the odds, so that they fall as 2 / shown, rounded
 * to a power of two. That impressions without an action lower the odds, and steeply at first, was measured by Lee et al.
 * 2014 (Modeling Impression Discounting in Large-scale Recommender Systems); steps keep a cached list good between two of them.
 */
export function fatigueSteps(shown: number): number {
  return shown < 4 ? 0 : 31 - Math.clz32(shown >> 1);
}
