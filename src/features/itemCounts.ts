import { COUNT_HALF_LIVES_MS, COUNT_WIDTH, TALLIES } from '../registry/parts/counts.js';
import type { ItemCounts } from '../registry/snapshot.js';

export type Tally = (typeof TALLIES)[number];

const SPANS = COUNT_HALF_LIVES_MS.length;

/** `liking` is the worth from which one takes to an item. */
export function emptyCounts(items: number, liking: number): ItemCounts {
  return { tallies: new Float32Array((items + 1) * COUNT_WIDTH), times: new Float64Array(items + 1), liking };
}

export function copyCounts({ tallies, times, liking }: ItemCounts): ItemCounts {
  return { tallies: tallies.slice(), times: times.slice(), liking };
}

/**
 * Counts one event, in training as in serving. Each number is kept as of its item's newest event and fades from there
 * when it is read: an event that is told late has faded already. `time` in epoch milliseconds.
 */
export function countEvent(counts: ItemCounts, item: number, worth: number, time: number): void {
  const all = counts.times.length - 1;
  if (item < 0 || item >= all) return;
  const liked = worth >= counts.liking ? 1 : 0;
  countIn(counts, item, liked, time);
  countIn(counts, all, liked, time);
}

/** A count of an item as of `now` (epoch ms); `span` is the place of its half-life. 0 for an item that is not counted. */
export function countOf(counts: ItemCounts, item: number, tally: Tally, span: number, now: number): number {
  return item < counts.times.length - 1 ? countAt(counts, item, tally, span, now) : 0;
}

/** The same of everything together. */
export function countOfAll(counts: ItemCounts, tally: Tally, span: number, now: number): number {
  return countAt(counts, counts.times.length - 1, tally, span, now);
}

function countAt({ tallies, times }: ItemCounts, row: number, tally: Tally, span: number, now: number): number {
  const count = tallies[row * COUNT_WIDTH + TALLIES.indexOf(tally) * SPANS + span] ?? 0;
  if (count === 0) return 0;
  return count * 0.5 ** (Math.max(0, now - (times[row] ?? 0)) / (COUNT_HALF_LIVES_MS[span] ?? 1));
}

function countIn({ tallies, times }: ItemCounts, row: number, liked: number, time: number): void {
  const last = times[row] ?? 0;
  const start = row * COUNT_WIDTH;
  for (let span = 0; span < SPANS; span++) {
    const fade = 0.5 ** (Math.abs(time - last) / (COUNT_HALF_LIVES_MS[span] ?? 1));
    const [old, fresh] = time >= last ? [fade, 1] : [1, fade];
    const at = start + span;
    tallies[at] = (tallies[at] ?? 0) * old + liked * fresh;
    tallies[at + SPANS] = (tallies[at + SPANS] ?? 0) * old + fresh;
  }
  if (time > last) times[row] = time;
}
