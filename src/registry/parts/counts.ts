import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/clock.js';
import type { ArtefactValue } from '../artefacts.js';
import type { Manifest } from '../manifest.js';
import type { TrainedCounts } from '../snapshot.js';
import { checkLength } from './sparseRows.js';

/** After so many milliseconds a count is worth half: the columns of each tally. */
export const COUNT_HALF_LIVES_MS = [5 * MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS] as const;

/** What is counted of an item: times it was taken to, and times it was met at all. */
export const TALLIES = ['likes', 'meetings'] as const;

const SPANS = COUNT_HALF_LIVES_MS.length;

/** Numbers per item: a tally after the other, in each its half-lives. */
export const COUNT_WIDTH = TALLIES.length * SPANS;

const COUNTS = 'item-counts';
const TIMES = 'item-count-times';
/** Worth of a like, sum of the prior, then shapes, then strengths. */
const NORMS = 'item-count-norms';
const SINGLE_NORMS = 2;
const RATES = 'item-like-rates';

export function countArtefacts(counts: TrainedCounts | null): [string, ArtefactValue][] {
  if (counts === null) return [];
  const { tallies, times, liking, rates, priorSum, shapes, strengths } = counts;
  return [
    [COUNTS, { type: 'float32', value: tallies }],
    [TIMES, { type: 'float64', value: times }],
    [RATES, { type: 'float32', value: rates }],
    [NORMS, { type: 'float64', value: Float64Array.of(liking, priorSum, ...shapes, ...strengths) }],
  ];
}

export function hasCounts({ artefacts }: Manifest): boolean {
  return artefacts[COUNTS] !== undefined;
}

export async function readCounts(read: {
  float32(name: string): Promise<Float32Array>;
  float64(name: string): Promise<Float64Array>;
}): Promise<TrainedCounts> {
  const norms = await read.float64(NORMS);
  const [liking = Number.NaN, priorSum = Number.NaN] = norms;
  return {
    tallies: await read.float32(COUNTS),
    times: await read.float64(TIMES),
    liking,
    rates: await read.float32(RATES),
    priorSum,
    shapes: norms.slice(SINGLE_NORMS, SINGLE_NORMS + SPANS),
    strengths: norms.slice(SINGLE_NORMS + SPANS),
  };
}

/** @throws RegistryError naming the artefact that does not fit the others. */
export function checkCounts({ tallies, times, rates, strengths }: TrainedCounts, items: number): void {
  checkLength(COUNTS, tallies.length, (items + 1) * COUNT_WIDTH);
  checkLength(TIMES, times.length, items + 1);
  checkLength(RATES, rates.length, items);
  checkLength(NORMS, SINGLE_NORMS + SPANS + strengths.length, SINGLE_NORMS + 2 * SPANS);
}
