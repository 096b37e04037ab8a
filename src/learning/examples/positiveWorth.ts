import { POSITIVE_WORTH } from '../../features/worth.js';

/** What counts as taking to an item: more than a look, or, in a log of looks alone, a look. */
export function positiveWorth(worths: Float32Array): number {
  return worths.some((worth) => worth >= POSITIVE_WORTH) ? POSITIVE_WORTH : Number.MIN_VALUE;
}
