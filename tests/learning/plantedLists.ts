import { normal, type Random, seededRandom } from '../../src/domain/random.js';
import type { ReplayedList } from '../../src/learning/examples/rankerExamples.js';

/** Features of a candidate; what `chance` does not read is noise. */
export const WIDTH = 9;

export interface PlantedLists {
  readonly people: number;
  readonly listsPerPerson: number;
  readonly rows: number;
  readonly seed: number;
  /** The chance that a person takes to a candidate with these features. */
  readonly chance: (row: Float32Array) => number;
}

/** Lists of standard normal features, in order of time, with labels drawn by `chance`. */
export function plantLists({ people, listsPerPerson, rows, seed, chance }: PlantedLists): ReplayedList[] {
  const random = seededRandom(seed);
  return Array.from({ length: people * listsPerPerson }, (_, at) =>
    plantList(at % people, 1000 * at, rows, random, chance),
  );
}

function plantList(
  user: number,
  now: number,
  rows: number,
  random: Random,
  chance: PlantedLists['chance'],
): ReplayedList {
  const matrix = Float32Array.from({ length: rows * WIDTH }, () => normal(random));
  const labels = Uint8Array.from({ length: rows }, (_, row) =>
    random() < chance(matrix.subarray(row * WIDTH, (row + 1) * WIDTH)) ? 1 : 0,
  );
  const candidates = Int32Array.from({ length: rows }, (_, row) => row);
  return {
    user,
    now,
    candidates,
    matrix,
    labels,
    gains: Float32Array.from(labels),
    liked: new Set(candidates.filter((row) => labels[row] === 1)),
  };
}

/** One sign of the first two features or the other, never both: no straight line tells. */
export const xor = (row: Float32Array): number => ((row[0] ?? 0) > 0 !== (row[1] ?? 0) > 0 ? 0.12 : 0.01);

/** Only between two thresholds of the third feature. */
export const step = (row: Float32Array): number => (Math.abs((row[2] ?? 0) - 0.3) < 0.3 ? 0.2 : 0.01);

/** Both of the first two features have to be large; each by itself says a little. */
export const both = (row: Float32Array): number => ((row[0] ?? 0) > 0.3 && (row[1] ?? 0) > 0.3 ? 0.3 : 0.02);

/** Log-odds that are linear in the features. */
export const linear = (row: Float32Array): number => 1 / (1 + Math.exp(3.5 - (row[0] ?? 0) - 0.5 * (row[1] ?? 0)));
