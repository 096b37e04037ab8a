import type { LinearModel } from '../logisticRegression.js';

/**
 * A regression tree; node 0 is the root. An inner node sends a row to `left` when its feature is at most the threshold
 * (a float32), else to `right`. A leaf has feature −1 and adds its value.
 */
export interface Tree {
  readonly features: Int32Array;
  readonly thresholds: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly values: Float32Array;
}

/** A score: bias + Σ weights · row + one leaf of each tree. */
export interface TreeEnsemble {
  readonly base: LinearModel;
  readonly trees: readonly Tree[];
}

/** One score per row. */
export function scoreTrees({ base, trees }: TreeEnsemble, matrix: Float32Array): Float64Array {
  const width = base.weights.length;
  const scores = scoreLinear(base, matrix);
  for (const { features, thresholds, left, right, values } of trees) {
    for (let row = 0; row < scores.length; row++) {
      let node = 0;
      for (let feature = features[0] ?? -1; feature >= 0; feature = features[node] ?? -1) {
        const below = (matrix[row * width + feature] ?? 0) <= (thresholds[node] ?? 0);
        node = (below ? left[node] : right[node]) ?? 0;
      }
      scores[row] = (scores[row] ?? 0) + (values[node] ?? 0);
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
