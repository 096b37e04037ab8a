import { binStride } from '../../../kernels/trees.js';
import { breathe } from '../../breathe.js';

/** Most rows that the cuts of a feature are read from. */
const SAMPLE = 40_000;
const ROWS_PER_BREATH = 4_000;

/** Rows of features, row after row. */
interface Rows {
  readonly matrix: Float32Array;
}

/**
 * Rising cuts per feature, each a float32 between two values that occur: a value up to cut k, and above cut k − 1, lies in
 * bin k. Bins hold evenly many rows, as far as equal values let them. A feature that never varies has no cut.
 */
export async function findCuts(pieces: readonly Rows[], width: number, binCount: number): Promise<Float32Array[]> {
  const rows = pieces.reduce((sum, { matrix }) => sum + matrix.length / width, 0);
  const step = Math.max(1, Math.ceil(rows / SAMPLE));
  const columns = Array.from({ length: width }, () => new Float32Array(Math.ceil(rows / step)));
  let seen = 0;
  for (const { matrix } of pieces) {
    for (let at = 0; at < matrix.length; at += width, seen++) {
      if (seen % step !== 0) continue;
      for (const [feature, column] of columns.entries()) column[seen / step] = matrix[at + feature] ?? 0;
    }
  }
  const cuts: Float32Array[] = [];
  for (const column of columns) {
    cuts.push(cutsOf(column.sort(), binCount));
    await breathe();
  }
  return cuts;
}

/** The bin of a value; see `findCuts`. */
export function binOf(cuts: Float32Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (cuts[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The bins of every row of each piece, `binStride` bytes a row. */
export async function binRows(pieces: readonly Rows[], cuts: readonly Float32Array[]): Promise<Uint8Array[]> {
  const width = cuts.length;
  const stride = binStride(width);
  const binned: Uint8Array[] = [];
  let sinceBreath = 0;
  for (const { matrix } of pieces) {
    const rows = matrix.length / width;
    const bins = new Uint8Array(rows * stride);
    for (let row = 0; row < rows; row++) {
      for (const [feature, edges] of cuts.entries()) {
        bins[row * stride + feature] = binOf(edges, matrix[row * width + feature] ?? 0);
      }
    }
    binned.push(bins);
    sinceBreath += rows;
    if (sinceBreath > ROWS_PER_BREATH) {
      sinceBreath = 0;
      await breathe();
    }
  }
  return binned;
}

/** Greedy equal shares of rising values: a frequent value gets a bin of its own, the others share what is left evenly. */
function cutsOf(values: Float32Array, binCount: number): Float32Array {
  const cuts: number[] = [];
  let left = values.length;
  let filled = 0;
  for (let at = 0; at < values.length && cuts.length < binCount - 1; ) {
    const value = values[at] ?? 0;
    let end = at;
    while (values[end] === value) end++;
    const share = left / (binCount - cuts.length);
    if (filled > 0 && (filled >= share || end - at >= share)) {
      cuts.push(between(values[at - 1] ?? 0, value));
      left -= filled;
      filled = 0;
    }
    filled += end - at;
    at = end;
  }
  return Float32Array.from(cuts);
}

/** A float32 c with low ≤ c < high. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle >= low && middle < high ? middle : low;
}
