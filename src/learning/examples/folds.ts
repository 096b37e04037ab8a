import type { Random } from '../../domain/random.js';

/** Each person's fold, 0 to count − 1, at random and of even size. `people` without repetition. */
export function foldPeople(people: readonly number[], count: number, random: Random): Map<number, number> {
  const shuffled = people.map((person) => ({ person, key: random() })).sort((a, b) => a.key - b.key);
  return new Map(shuffled.map(({ person }, place) => [person, place % count]));
}
