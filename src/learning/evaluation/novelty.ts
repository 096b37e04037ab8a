/**
 * Bits of surprise that an item is met at all (mean self-information, Zhou et al. 2010; Castells et al. 2011):
 * −log₂ of the share of people who met it. An item that nobody met counts as met by one.
 */
export function selfInformation(metBy: Int32Array, people: number): Float64Array {
  return Float64Array.from(metBy, (count) => Math.log2(Math.max(1, people) / Math.max(1, count)));
}
