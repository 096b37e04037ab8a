import type { SymmetricTree } from '../../../kernels/scorer.js';
import type { LinearModel } from '../logisticRegression.js';

/** A score: bias + Σ weights · row + one value of each tree. */
export interface TreeEnsemble {
  readonly base: LinearModel;
  readonly trees: readonly SymmetricTree[];
}

/** One score per row. */
export function scoreTrees({ base, trees }: TreeEnsemble, matrix: Float32Array): Float64Array {
  const width = base.weights.length;
  const scores = scoreLinear(base, matrix);
  for (const { features, thresholds, values } of trees) {
    for (let row = 0; row < scores.length; row++) {
      let place = 0;
      for (let level = 0; level < features.length; level++) {
        const value = matrix[row * width + (features[level] ?? 0)] ?? 0;
        place = 2 * place + (value <= (thresholds[level] ?? 0) ? 0 : 1);
      }
      scores[row] = (scores[row] ?? 0) + (values[place] ?? 0);
    }
  }
  return scores;
}

/** bias + Σ weights · row, per row. */
export function scoreLinear({ weights, bias }: LinearModel, matrix: Float32Array): Float64Array {
  const width = weights.length;
  return Float64Array.from({ length: matrix.length / width }, (_, row) => {
    let score = bias;
    for (let k = 0; k < width; k++) score += (weights[k] ?? 0) * (matrix[row * width + k] ?? 0);
    return score;
  });
}
