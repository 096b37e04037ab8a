import type { Ranker } from '../../registry/snapshot.js';
import type { Scorer } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';
import { logistic } from './logistic.js';
import { rank } from './rank.js';

/**
 * Log-odds per unit of a feature, for when nothing could be learned. Picked by hand on MovieLens latest-small, so a figure
 * on that set says little of them; `curio evaluate` judges the whole pipeline.
 */
const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['collaborative', 4],
  ['neighbours', 3],
  ['recent_likeness', 1.5],
  ['popularity', 3],
  ['tag_affinity', 0.5],
  ['category_affinity', 0.2],
  ['freshness', 0.3],
  ['newcomer_interest', 1.5],
  ['hour_popularity', 0.5],
  ['location_popularity', 0.5],
  ['device_popularity', 0.5],
  ['age_popularity', 0.5],
  ['moment_popularity', 0.5],
]);
const BIAS = -5;

const weights = [...WEIGHTS.values()];

/** The fixed formula, in the shape of a learned ranker. */
export const heuristicRanker: Ranker = {
  features: [...WEIGHTS.keys()],
  async score(matrix, rows) {
    return Float32Array.from({ length: rows }, (_, row) => {
      const sum = weights.reduce(
        (sum, weight, place) => sum + weight * (matrix[row * weights.length + place] ?? 0),
        BIAS,
      );
      return logistic(sum);
    });
  },
};

/** Rung two of the ladder: always there. A feature that is not computed counts as 0. */
export const heuristic: Scorer<RankingQuery> = {
  name: 'heuristic',
  enabled: () => true,
  score: (_query, candidates) => {
    const absent = heuristicRanker.features.filter((name) => !candidates.columns.has(name));
    if (absent.length === 0) return rank(heuristicRanker, candidates);
    const zeros = new Float32Array(candidates.items.length);
    const columns = new Map([...candidates.columns, ...absent.map((name) => [name, zeros] as const)]);
    return rank(heuristicRanker, { ...candidates, columns });
  },
};
