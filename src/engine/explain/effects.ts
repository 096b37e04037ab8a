import type { Ranker } from '../../registry/snapshot.js';
import { logit } from '../scorers/logistic.js';

/** What one feature did to the score of one item. */
export interface FeatureEffect {
  readonly feature: string;
  readonly value: number;
  /** What it added to the log-odds, against a value of 0. */
  readonly effect: number;
}

/** Smaller effects are noise of 32-bit scores. */
const LEAST = 1e-3;

/**
 * For each row of `matrix` (rows × the ranker's features) what each feature with a value added to the log-odds, largest first, by taking it away and asking
 * the ranker again (occlusion, Zeiler and Fergus 2014). Exact for a linear ranker, local to the item for any other.
 * Costs one call of rows × (features + 1) rows: meant for the few that are shown.
 */
export async function featureEffects(ranker: Ranker, matrix: Float32Array): Promise<FeatureEffect[][]> {
  const width = ranker.features.length;
  const size = matrix.length / width;
  if (size === 0) return [];
  const trials = new Float32Array(size * (width + 1) * width);
  for (let row = 0; row < size; row++) {
    for (let without = 0; without <= width; without++) {
      const start = (row * (width + 1) + without) * width;
      for (let k = 0; k < width; k++) trials[start + k] = k === without ? 0 : (matrix[row * width + k] ?? 0);
    }
  }
  // The last trial of each row leaves nothing out.
  const scores = await ranker.score(trials, size * (width + 1));
  return Array.from({ length: size }, (_, row) => {
    const first = row * (width + 1);
    const whole = logit(scores[first + width] ?? 0);
    return ranker.features
      .map((feature, place) => ({
        feature,
        value: matrix[row * width + place] ?? 0,
        effect: whole - logit(scores[first + place] ?? 0),
      }))
      .filter(({ value, effect }) => value !== 0 && Math.abs(effect) >= LEAST)
      .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  });
}
