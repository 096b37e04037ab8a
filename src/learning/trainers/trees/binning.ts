import { breathe } from '../../breathe.js';
import type { LabelledRows } from '../logisticRegression.js';

/** Most rows that the cuts of a feature are read from. */
const SAMPLE = 40_000;
const ROWS_PER_BREATH = 8_000;

/**
 * Rising cuts per feature, each a float32 between two values that occur: a value up to cut k, and above cut k − 1, lies in
 * bin k. A feature that never varies has none. Half of the weight lies on the positive rows, few as they are, so that the
 * bins are fine where they stand (the weighted quantiles of Chen and Guestrin 2016, in a simple form).
 */
export async function findCuts(
  pieces: readonly LabelledRows[],
  width: number,
  binCount: number,
): Promise<Float32Array[]> {
  const { matrix, positives } = await sampleRows(pieces, width);
  const rows = matrix.length / width;
  const negativeWeight = 1 / Math.max(1, rows - positives);
  const positiveWeight = positives === 0 ? 0 : 1 / positives;
  const cuts: Float32Array[] = [];
  for (let feature = 0; feature < width; feature++) {
    const column = (from: number, to: number) =>
      Float32Array.from({ length: to - from }, (_, row) => matrix[(from + row) * width + feature] ?? 0).sort();
    cuts.push(
      cutsOf(
        [
          { values: column(0, positives), weight: positiveWeight },
          { values: column(positives, rows), weight: negativeWeight },
        ],
        binCount,
      ),
    );
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

/** Writes the bins of every row into `bins`, `stride` bytes a row. */
export async function binRows(
  pieces: readonly LabelledRows[],
  cuts: readonly Float32Array[],
  bins: Uint8Array,
  stride: number,
): Promise<void> {
  const width = cuts.length;
  let row = 0;
  let sinceBreath = 0;
  for (const { matrix, labels } of pieces) {
    for (let own = 0; own < labels.length; own++, row++) {
      for (const [feature, edges] of cuts.entries()) {
        bins[row * stride + feature] = binOf(edges, matrix[own * width + feature] ?? 0);
      }
    }
    sinceBreath += labels.length;
    if (sinceBreath > ROWS_PER_BREATH) {
      sinceBreath = 0;
      await breathe();
    }
  }
}

/** Positive rows first, then the others, each evenly thinned out to half of `SAMPLE` at most. */
async function sampleRows(
  pieces: readonly LabelledRows[],
  width: number,
): Promise<{ matrix: Float32Array; positives: number }> {
  const total = [0, 0];
  for (const { labels } of pieces) for (const label of labels) total[label] = (total[label] ?? 0) + 1;
  const kept: [number[], number[]] = [[], []];
  const seen = [0, 0];
  let sinceBreath = 0;
  for (const { matrix, labels } of pieces) {
    for (const [row, label] of labels.entries()) {
      const step = Math.max(1, Math.ceil((total[label] ?? 0) / (SAMPLE / 2)));
      const place = seen[label] ?? 0;
      seen[label] = place + 1;
      if (place % step !== 0) continue;
      const into = label === 1 ? kept[1] : kept[0];
      for (let k = 0; k < width; k++) into.push(matrix[row * width + k] ?? 0);
    }
    sinceBreath += labels.length;
    if (sinceBreath > ROWS_PER_BREATH) {
      sinceBreath = 0;
      await breathe();
    }
  }
  const [negative, positive] = kept;
  const matrix = new Float32Array(positive.length + negative.length);
  matrix.set(positive);
  matrix.set(negative, positive.length);
  return { matrix, positives: positive.length / width };
}

interface SortedValues {
  /** Rising. */
  readonly values: Float32Array;
  /** Of each value. */
  readonly weight: number;
}

/** Greedy equal weight: a heavy value gets a bin of its own, the others share what is left evenly. */
function cutsOf([first, second]: readonly [SortedValues, SortedValues], binCount: number): Float32Array {
  const cuts: number[] = [];
  let left = first.values.length * first.weight + second.values.length * second.weight;
  let filled = 0;
  let previous = Number.NEGATIVE_INFINITY;
  let a = 0;
  let b = 0;
  const close = (next: number) => {
    cuts.push(between(previous, next));
    left -= filled;
    filled = 0;
  };
  while ((a < first.values.length || b < second.values.length) && cuts.length < binCount - 1) {
    const value = Math.min(first.values[a] ?? Number.POSITIVE_INFINITY, second.values[b] ?? Number.POSITIVE_INFINITY);
    let weight = 0;
    for (; first.values[a] === value; a++) weight += first.weight;
    for (; second.values[b] === value; b++) weight += second.weight;
    // A rounding's breadth below the share, so that as many values as bins get one each.
    const share = (left / (binCount - cuts.length)) * (1 - 1e-9);
    if (filled > 0 && (filled >= share || weight >= share)) close(value);
    filled += weight;
    previous = value;
  }
  return Float32Array.from(cuts);
}

/** A float32 c with low ≤ c < high. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle >= low && middle < high ? middle : low;
}
