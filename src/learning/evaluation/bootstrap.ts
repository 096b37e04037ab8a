import type { Random } from '../../domain/random.js';

/**
 * The share of resamples in which the mean of the differences is above 0 (Efron 1979). What is drawn are the groups, with
 * all that belongs to one: differences of one person are no independent observations. 0 when there are none.
 */
export function chanceAboveZero(
  differences: readonly { readonly group: number; readonly value: number }[],
  resamples: number,
  random: Random,
): number {
  const sums = new Map<number, number>();
  for (const { group, value } of differences) sums.set(group, (sums.get(group) ?? 0) + value);
  const groups = Float64Array.from(sums.values());
  let above = 0;
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    for (let drawn = 0; drawn < groups.length; drawn++) sum += groups[Math.floor(random() * groups.length)] ?? 0;
    if (sum > 0) above++;
  }
  return above / resamples;
}
