import type { Candidates } from '../../domain/candidates.js';
import type { Scorer } from '../pipeline/stages.js';
import { logistic } from '../scorers/logistic.js';
import { LIKENESS } from './hydrators/likeness.js';
import type { PeopleQuery } from './query.js';
import { ABOUT } from './sources/about.js';
import { RECIPROCAL } from './sources/reciprocal.js';

/**
 * Log-odds per unit of each piece of evidence, all of them 0 to 1: the score of a source, or a column. Picked by hand so
 * that walks lead, what a person does outweighs what they say of themselves, and a single weak hint stays below one half.
 */
export const WEIGHTS = {
  graph: 3.5,
  collaborative: 2,
  friends: 3,
  [RECIPROCAL]: 1.5,
  interests: 1.5,
  place: 0.5,
  age: 0.4,
  [ABOUT]: 0.4,
  complete: 0.6,
} as const;
const BIAS = -4;

export type Evidence = keyof typeof WEIGHTS;

const COLUMNS: ReadonlySet<string> = new Set(LIKENESS);

/** Evidence → what it says of each candidate; a source that did not name someone says 0. */
export function evidenceOf({ items, sources, columns }: Candidates): ReadonlyMap<string, Float32Array> {
  return new Map(
    Object.keys(WEIGHTS).map((name) => {
      const values = COLUMNS.has(name) ? columns.get(name) : sources.find((source) => source.name === name)?.scores;
      return [name, Float32Array.from(items, (_, row) => orZero(values?.[row]))];
    }),
  );
}

/** A fixed formula: the probability that the person takes to someone, as far as a guess can say. */
export const kinship: Scorer<PeopleQuery> = {
  name: 'kinship',
  enabled: () => true,
  score(_query, candidates) {
    const evidence = evidenceOf(candidates);
    const sums = new Float64Array(candidates.items.length).fill(BIAS);
    for (const [name, weight] of Object.entries(WEIGHTS)) {
      const values = evidence.get(name);
      for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] ?? 0) + weight * (values?.[row] ?? 0);
    }
    return { items: candidates.items, scores: Float32Array.from(sums, logistic) };
  },
};

/** Absent is NaN. */
function orZero(value = 0): number {
  return Number.isNaN(value) ? 0 : value;
}
