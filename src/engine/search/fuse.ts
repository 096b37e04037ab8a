/** One way to rank: rows, best first, and what each was worth to it. */
export interface Ranking {
  readonly rows: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  /** What its ranks count. */
  readonly weight: number;
}

export interface Fused {
  readonly row: number;
  /** Above 0; the best that could be is 1. */
  readonly score: number;
}

/**
 * How little the first ranks count above the later ones. The usual 60 is for rankings of one quality; where one is better, its
 * first ranks have to count more (`npm run bench:search`).
 */
const FLATNESS = 2;

/**
 * Reciprocal rank fusion (Cormack, Clarke, Buettcher 2009): a row is worth the sum over the rankings of weight / (flatness +
 * rank). Rows of equal worth to a ranking share the better rank. By falling worth, then by `prefer`.
 */
export function fuse(rankings: readonly Ranking[], prefer: (a: number, b: number) => number): Fused[] {
  const sums = new Map<number, number>();
  const best = rankings.reduce((sum, { weight }) => sum + weight / (FLATNESS + 1), 0);
  for (const { rows, scores, weight } of rankings) {
    let rank = 0;
    for (let at = 0; at < rows.length; at++) {
      if (scores[at] !== scores[at - 1]) rank = at;
      const row = rows[at] ?? 0;
      sums.set(row, (sums.get(row) ?? 0) + weight / (FLATNESS + 1 + rank) / best);
    }
  }
  return [...sums]
    .map(([row, score]) => ({ row, score }))
    .sort((a, b) => b.score - a.score || prefer(a.row, b.row) || a.row - b.row);
}
