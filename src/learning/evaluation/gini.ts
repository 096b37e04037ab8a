/**
 * Gini coefficient of how exposure is spread over the catalogue: 0 when every item is in equally many lists, towards 1
 * when one item is in all of them and the others in none. `shown` counts, per item, the lists it was in.
 */
export function gini(shown: Int32Array): number {
  const rising = shown.toSorted();
  const total = rising.reduce((sum, times) => sum + times, 0);
  if (total === 0) return 0;
  const size = rising.length;
  const weighted = rising.reduce((sum, times, place) => sum + (2 * (place + 1) - size - 1) * times, 0);
  return weighted / (size * total);
}
