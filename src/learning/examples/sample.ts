import type { Random } from '../../domain/random.js';

/** `count` of the values without repetition, in random order (Fisher and Yates). */
export function sample<T>(values: readonly T[], count: number, random: Random): T[] {
  const pool = [...values];
  const taken = Math.min(count, pool.length);
  for (let i = 0; i < taken; i++) {
    const other = i + Math.floor(random() * (pool.length - i));
    const [a, b] = [pool[i], pool[other]];
    if (a !== undefined && b !== undefined) {
      pool[i] = b;
      pool[other] = a;
    }
  }
  return pool.slice(0, taken);
}
