import { DAY_MS } from '../../domain/clock.js';
import { countEvent, countOf, countOfAll, emptyCounts } from '../../features/itemCounts.js';
import { COUNT_HALF_LIVES_MS } from '../../registry/parts/counts.js';
import type { ItemCounts, TrainedCounts } from '../../registry/snapshot.js';
import { breathe } from '../breathe.js';
import type { EventColumns } from '../examples/eventColumns.js';
import { firstLikes } from '../examples/firstLikes.js';
import { positiveWorth } from '../examples/positiveWorth.js';
import { type Agreement, shapeOf } from './gammaPoisson.js';

/** Moments of the past at which it is asked how far recent counts foretell the next ones, by share of the events. */
const TRIALS = Array.from({ length: 16 }, (_, at) => 0.3 + 0.04 * at);
const EVENTS_PER_BREATH = 50_000;

/**
 * The counts as they stood after the first `count` events, and how much they are to be trusted: at several moments the
 * counts up to then are held against those of the half-life that followed, by people who had not taken to the item before.
 * What was a passing burst, or one person's evening, does not come again and is drawn to nothing. `prior` as in
 * `PopularityModel`; `halfLifeDays` is its own.
 */
export async function trainCounts(options: {
  readonly events: EventColumns;
  readonly count: number;
  readonly prior: Float32Array;
  readonly halfLifeDays: number;
}): Promise<TrainedCounts> {
  const { events, count, prior } = options;
  const liking = positiveWorth(events.worths.subarray(0, count));
  const counts = emptyCounts(events.itemCount, liking);
  for (let from = 0; from < count; from += EVENTS_PER_BREATH) {
    addEvents(counts, events, from, Math.min(count, from + EVENTS_PER_BREATH));
    await breathe();
  }
  let likes = 0;
  for (let event = 0; event < count; event++) if ((events.worths[event] ?? 0) >= liking) likes++;
  const rate = count > 0 ? likes / count : 0;
  const { likings, rates } = await foretell({ ...options, liking, rate });
  return {
    ...counts,
    rate,
    priorSum: prior.reduce((sum, value) => sum + value, 0),
    shapes: Float64Array.from(likings, shapeOf),
    strengths: Float64Array.from(rates, (agreement) => strengthOf(agreement, rate)),
  };
}

/** Counts the events from `from` to `to` (exclusive). */
export function addEvents(counts: ItemCounts, events: EventColumns, from: number, to: number): void {
  for (let event = from; event < to; event++) {
    countEvent(counts, events.items[event] ?? 0, events.worths[event] ?? 0, events.times[event] ?? 0);
  }
}

/** How many meetings the prior of a rate is worth: rates of variance v around p are drawn from Beta with p (1 − p) / v − 1. */
function strengthOf({ expected, shared }: Agreement, rate: number): number {
  return shared > 0 ? Math.max(1, (rate * (1 - rate) * expected) / shared - 1) : Number.POSITIVE_INFINITY;
}

interface Foretelling {
  /** Per half-life. */
  readonly likings: readonly Agreement[];
  readonly rates: readonly Agreement[];
}

async function foretell(options: {
  readonly events: EventColumns;
  readonly count: number;
  readonly halfLifeDays: number;
  readonly liking: number;
  readonly rate: number;
}): Promise<Foretelling> {
  const { events, count, liking, rate } = options;
  const likings = COUNT_HALF_LIVES_MS.map((): Agreement => ({ expected: 0, shared: 0 }));
  const rates = COUNT_HALF_LIVES_MS.map((): Agreement => ({ expected: 0, shared: 0 }));
  const newest = events.times[count - 1] ?? 0;
  const isFirst = new Uint8Array(count);
  for (const event of firstLikes(events, count, liking).events) isFirst[event] = 1;
  const before = emptyCounts(events.itemCount, liking);
  // Everything fades from the newest event on: shares of an earlier moment are the same as if it had faded from there.
  const popular = new Float64Array(events.itemCount);
  let next = 0;
  for (const share of TRIALS) {
    const trial = Math.floor(share * count);
    for (; next < trial; next++) {
      const [item, time] = [events.items[next] ?? 0, events.times[next] ?? 0];
      const liked = isFirst[next] === 1;
      countEvent(before, item, liked ? liking : liking - 1, time);
      if (liked) popular[item] = (popular[item] ?? 0) + 0.5 ** ((newest - time) / (options.halfLifeDays * DAY_MS));
    }
    const now = events.times[trial] ?? 0;
    for (const [span, halfLife] of COUNT_HALF_LIVES_MS.entries()) {
      await breathe();
      if (now + halfLife > newest) continue;
      const after = countAfter(events, isFirst, trial, now + halfLife);
      addLikings(likings[span], before, after, popular, span, now);
      addRates(rates[span], before, after, rate, span, now);
    }
  }
  return { likings, rates };
}

interface After {
  readonly likes: ReadonlyMap<number, number>;
  readonly meetings: ReadonlyMap<number, number>;
}

function countAfter({ items, times }: EventColumns, isFirst: Uint8Array, from: number, until: number): After {
  const likes = new Map<number, number>();
  const meetings = new Map<number, number>();
  for (let event = from; event < isFirst.length && (times[event] ?? 0) < until; event++) {
    const item = items[event] ?? 0;
    meetings.set(item, (meetings.get(item) ?? 0) + 1);
    if (isFirst[event] === 1) likes.set(item, (likes.get(item) ?? 0) + 1);
  }
  return { likes, meetings };
}

/** Σ E·F and Σ (n − E)·(m − F) over all items, where E and F are shares of what is popular at the moment. */
function addLikings(
  sums: Agreement | undefined,
  before: ItemCounts,
  { likes }: After,
  popular: Float64Array,
  span: number,
  now: number,
): void {
  const mass = popular.reduce((sum, value) => sum + value, 0);
  if (sums === undefined || !(mass > 0)) return;
  const total = countOfAll(before, 'likes', span, now);
  const later = [...likes.values()].reduce((sum, value) => sum + value, 0);
  if (total === 0 || later === 0) return;
  for (let item = 0; item < popular.length; item++) {
    const share = (popular[item] ?? 0) / mass;
    const count = countOf(before, item, 'likes', span, now);
    const expected = total * later * share * share;
    sums.expected += expected;
    sums.shared += (count - total * share) * ((likes.get(item) ?? 0) - later * share);
  }
}

/** The same of rates: Σ m·m′ and Σ (l − m p)·(l′ − m′ p) over what was met before and after. */
function addRates(
  sums: Agreement | undefined,
  before: ItemCounts,
  { likes, meetings }: After,
  rate: number,
  span: number,
  now: number,
): void {
  if (sums === undefined) return;
  for (const [item, later] of meetings) {
    const met = countOf(before, item, 'meetings', span, now);
    const liked = countOf(before, item, 'likes', span, now);
    sums.expected += met * later;
    sums.shared += (liked - met * rate) * ((likes.get(item) ?? 0) - later * rate);
  }
}
