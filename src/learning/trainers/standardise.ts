/** Rows of features, in pieces. */
export interface LabelledRows {
  /** Rows × width, row after row. */
  readonly matrix: Float32Array;
  /** 0 or 1 per row. */
  readonly labels: Uint8Array;
  /** How many rows a row stands for, itself included. @default 1 for each */
  readonly counts?: Float32Array;
}

/** Of each feature: its mean over all rows, and its standard deviation, 0 where it hardly varies. */
export interface Moments {
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

const LEAST_SPREAD = 1e-9;
/** With less spread, for its mean, a feature needs a weight so large that the 32 bits of the exported model are felt. */
const LEAST_SHARE = 0.01;

export function moments(pieces: readonly LabelledRows[], width: number): Moments {
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  let rows = 0;
  for (const { matrix, labels, counts } of pieces) {
    for (let row = 0; row < labels.length; row++) {
      const count = counts?.[row] ?? 1;
      rows += count;
      for (let k = 0; k < width; k++) means[k] = (means[k] ?? 0) + count * (matrix[row * width + k] ?? 0);
    }
  }
  for (let k = 0; k < width; k++) means[k] = (means[k] ?? 0) / Math.max(1, rows);
  for (const { matrix, labels, counts } of pieces) {
    for (let row = 0; row < labels.length; row++) {
      const count = counts?.[row] ?? 1;
      for (let k = 0; k < width; k++) {
        squares[k] = (squares[k] ?? 0) + count * ((matrix[row * width + k] ?? 0) - (means[k] ?? 0)) ** 2;
      }
    }
  }
  const scales = squares.map((square, k) => {
    const scale = Math.sqrt(square / Math.max(1, rows));
    return scale > Math.max(LEAST_SPREAD, LEAST_SHARE * Math.abs(means[k] ?? 0)) ? scale : 0;
  });
  return { means, scales };
}

/** The features that vary. */
export function varying(scales: Float64Array): Set<number> {
  return new Set(Array.from(scales.keys()).filter((feature) => (scales[feature] ?? 0) > 0));
}
