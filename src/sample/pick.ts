import type { Random } from '../domain/random.js';

/** One of them, each as likely. `list` must not be empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new RangeError('pick: the list is empty');
  return found;
}

/** `count` different ones (fewer when the list is shorter), in random order. */
export function pickSome<T>(random: Random, list: readonly T[], count: number): T[] {
  const left = [...list];
  const found: T[] = [];
  while (found.length < count && left.length > 0) {
    found.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return found;
}

/** Draws places 0..n-1 in proportion to their weights, which are not negative and not all 0, in O(log n). */
export function createSampler(weights: ArrayLike<number>): (random: Random) => number {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    total += weights[i] ?? 0;
    sums[i] = total;
  }
  if (!(total > 0)) throw new RangeError('createSampler: no weight is above 0');
  return (random) => {
    const at = random() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** A gamma variate of shape below 1 is sparse: mostly near 0, now and then large (Marsaglia and Tsang 2000, for all shapes). */
export function gamma(random: Random, shape: number, normalOf: (random: Random) => number): number {
  if (shape < 1) return gamma(random, shape + 1, normalOf) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalOf(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
