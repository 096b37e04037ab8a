import { seededRandom } from '../../domain/random.js';
import { breathe } from '../breathe.js';

const SAMPLES = 1000;
const TAIL = 0.025;

/** A figure with its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Means of the columns over people drawn with replacement (Efron 1979), 1,000 times: row after row, one per column and
 * draw. Every column sees the same draws, so that two models are compared on the same people.
 */
export async function resampleMeans(columns: readonly Float64Array[], seed: number): Promise<Float64Array[]> {
  const size = columns[0]?.length ?? 0;
  const random = seededRandom(seed);
  const drawn = new Uint32Array(size);
  const means = columns.map(() => new Float64Array(SAMPLES));
  for (let sample = 0; sample < SAMPLES && size > 0; sample++) {
    drawn.fill(0);
    for (let draw = 0; draw < size; draw++) {
      const person = Math.floor(random() * size);
      drawn[person] = (drawn[person] ?? 0) + 1;
    }
    for (const [at, column] of columns.entries()) {
      let sum = 0;
      for (let person = 0; person < size; person++) sum += (drawn[person] ?? 0) * (column[person] ?? 0);
      const into = means[at];
      if (into !== undefined) into[sample] = sum / size;
    }
    await breathe();
  }
  return means;
}

/** The percentile interval of what the draws gave. */
export function estimate(mean: number, draws: Float64Array): Estimate {
  const rising = draws.toSorted();
  const at = (share: number) => rising[Math.round(share * (rising.length - 1))] ?? mean;
  return { mean, low: at(TAIL), high: at(1 - TAIL) };
}

export function meanOf(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
