import { hitAt, ndcgAt, recallAt, reciprocalRank } from './metrics.js';

/** How many of the best are asked for; what stands deeper counts as not found. */
export const DEPTH = 20;

export type Metric = 'recall@10' | 'recall@20' | 'ndcg@10' | 'ndcg@20' | 'hr@10' | 'hr@20' | 'mrr@20';

/** Every figure of one list, by name, in the order of a report. */
export const FIGURES: readonly (readonly [
  name: Metric,
  measure: (ranked: Int32Array, right: ReadonlySet<number>) => number,
])[] = [
  ['recall@10', (ranked, right) => recallAt(10, ranked, right)],
  ['recall@20', (ranked, right) => recallAt(20, ranked, right)],
  ['ndcg@10', (ranked, right) => ndcgAt(10, ranked, right)],
  ['ndcg@20', (ranked, right) => ndcgAt(20, ranked, right)],
  ['hr@10', (ranked, right) => hitAt(10, ranked, right)],
  ['hr@20', (ranked, right) => hitAt(20, ranked, right)],
  ['mrr@20', reciprocalRank],
];

/** Values by name of figure and person. */
export interface FigureColumns {
  set(person: number, ranked: Int32Array, right: ReadonlySet<number>): void;
  /** In the order of the names they were made for. */
  readonly columns: readonly (readonly [Metric, Float64Array])[];
}

export function figureColumns(people: number, names: readonly Metric[]): FigureColumns {
  const chosen = FIGURES.filter(([name]) => names.includes(name)).map(
    ([name, measure]) => [name, measure, new Float64Array(people)] as const,
  );
  return {
    set(person, ranked, right) {
      for (const [, measure, column] of chosen) column[person] = measure(ranked, right);
    },
    columns: chosen.map(([name, , column]) => [name, column]),
  };
}
