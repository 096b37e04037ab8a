import type { Candidates } from '../../domain/candidates.js';
import type { Ranker } from '../../registry/snapshot.js';
import type { Scored } from '../pipeline/stages.js';

/** Scores the candidates by the columns the ranker names. @throws when a column is missing or a score is no probability. */
export async function rank(ranker: Ranker, candidates: Candidates): Promise<Scored> {
  const { items } = candidates;
  if (items.length === 0) return { items, scores: new Float32Array(0) };
  const scores = await ranker.score(matrixOf(ranker, candidates), items.length);
  for (const score of scores) if (score < 0 || score > 1) throw new RangeError(`the ranker gave ${score}, not 0 to 1`);
  return { items, scores };
}

/** Candidates × features, row after row, in the order of `ranker.features`. */
export function matrixOf(ranker: Ranker, { items, columns }: Candidates): Float32Array {
  const width = ranker.features.length;
  const matrix = new Float32Array(items.length * width);
  ranker.features.forEach((name, place) => {
    const column = columns.get(name);
    if (column === undefined) throw new Error(`the ranker wants the feature "${name}", which nobody computes`);
    for (let row = 0; row < items.length; row++) matrix[row * width + place] = column[row] ?? 0;
  });
  return matrix;
}
