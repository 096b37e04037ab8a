import type { Random } from '../../domain/random.js';
import type { ReplayedList } from './rankerExamples.js';

/** Rows that say nothing of their own and are kept to stand for the others. They differ little, and there are hundreds. */
const REST = 60;

/** Some rows of a list, the others stood for. */
export interface ThinnedList {
  /** Rows × features, row after row. */
  readonly matrix: Float32Array;
  /** See `ReplayedList`. */
  readonly labels: Uint8Array;
  readonly gains: Float32Array;
  /** How many rows of the list a row stands for, itself included. */
  readonly counts: Float32Array;
}

/**
 * Every row that the person met next, and a sample of the others without replacement, weighted to stand for all
 * (seeded). The order of the list stays.
 */
export function thinList({ matrix, labels, gains }: ReplayedList, random: Random): ThinnedList {
  const width = matrix.length / Math.max(1, labels.length);
  const kept: number[] = [];
  const others: number[] = [];
  for (const [row, gain] of gains.entries()) (gain !== 0 || labels[row] === 1 ? kept : others).push(row);
  const sample = Math.min(REST, others.length);
  for (let at = 0; at < sample; at++) {
    const other = at + Math.floor(random() * (others.length - at));
    [others[at], others[other]] = [others[other] ?? 0, others[at] ?? 0];
  }
  const stand = others.slice(0, sample);
  // In the order of the list: where scores are equal it decides, and must not tell what was liked.
  const rows = [...kept, ...stand].sort((a, b) => a - b);
  const counts = new Float32Array(labels.length).fill(1);
  for (const row of stand) counts[row] = others.length / sample;
  const thinned = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) thinned.set(matrix.subarray(row * width, (row + 1) * width), at * width);
  return {
    matrix: thinned,
    labels: Uint8Array.from(rows, (row) => labels[row] ?? 0),
    gains: Float32Array.from(rows, (row) => gains[row] ?? 0),
    counts: Float32Array.from(rows, (row) => counts[row] ?? 1),
  };
}
