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
  const { likings, rates, opinions } = await foretell({ ...options, liking });
  return {
    ...counts,
    rates: Float32Array.from(opinions.meetings, (_, item) => rateOf(opinions, item)),
    priorSum: prior.reduce((sum, value) => sum + value, 0),
    shapes: Float64Array.from(likings, shapeOf),
    strengths: Float64Array.from(rates, strengthOf),
  };
}

/** Counts the events from `from` to `to` (exclusive). */
export function addEvents(counts: ItemCounts, events: EventColumns, from: number, to: number): void {
  for (let event = from; event < to; event++) {
    countEvent(counts, events.items[event] ?? 0, events.worths[event] ?? 0, events.times[event] ?? 0);
  }
}

/** As many meetings as the rate of everything is worth to the rate of an item. */
const PRIOR_MEETINGS = 10;

/** All that was met and taken to up to some moment, unfaded. */
interface Opinions {
  readonly likes: Float64Array;
  readonly meetings: Float64Array;
  allLikes: number;
  allMeetings: number;
}

function rateOf({ likes, meetings, allLikes, allMeetings }: Opinions, item: number): number {
  const overall = allMeetings > 0 ? allLikes / allMeetings : 0;
  return ((likes[item] ?? 0) + PRIOR_MEETINGS * overall) / ((meetings[item] ?? 0) + PRIOR_MEETINGS);
}

interface RateAgreement extends Agreement {
  /** Σ m·m′·p (1 − p). */
  chance: number;
}

/** How many meetings the prior of a rate is worth: rates of variance v around p are drawn from Beta with p (1 − p) / v − 1. */
function strengthOf({ shared, chance }: RateAgreement): number {
  return shared > 0 ? Math.max(1, chance / shared - 1) : Number.POSITIVE_INFINITY;
}

interface Foretelling {
  /** Per half-life. */
  readonly likings: readonly Agreement[];
  readonly rates: readonly RateAgreement[];
  /** Up to the end. */
  readonly opinions: Opinions;
}

async function foretell(options: {
  readonly events: EventColumns;
  readonly count: number;
  readonly halfLifeDays: number;
  readonly liking: number;
}): Promise<Foretelling> {
  const { events, count, liking } = options;
  const likings = COUNT_HALF_LIVES_MS.map((): Agreement => ({ expected: 0, shared: 0 }));
  const rates = COUNT_HALF_LIVES_MS.map((): RateAgreement => ({ expected: 0, shared: 0, chance: 0 }));
  const opinions: Opinions = {
    likes: new Float64Array(events.itemCount),
    meetings: new Float64Array(events.itemCount),
    allLikes: 0,
    allMeetings: 0,
  };
  const newest = events.times[count - 1] ?? 0;
  const isFirst = new Uint8Array(count);
  for (const event of firstLikes(events, count, liking).events) isFirst[event] = 1;
  const before = emptyCounts(events.itemCount, liking);
  const allBefore = emptyCounts(events.itemCount, liking);
  // Everything fades from the newest event on: shares of an earlier moment are the same as if it had faded from there.
  const popular = new Float64Array(events.itemCount);
  let next = 0;
  const goOnTo = (end: number) => {
    for (; next < end; next++) {
      const [item, time] = [events.items[next] ?? 0, events.times[next] ?? 0];
      const worth = events.worths[next] ?? 0;
      const isFirstLike = isFirst[next] === 1;
      countEvent(before, item, isFirstLike ? worth : liking - 1, time);
      countEvent(allBefore, item, worth, time);
      opinions.meetings[item] = (opinions.meetings[item] ?? 0) + 1;
      opinions.allMeetings++;
      if (isFirstLike) {
        popular[item] = (popular[item] ?? 0) + 0.5 ** ((newest - time) / (options.halfLifeDays * DAY_MS));
      }
      if (worth < liking) continue;
      opinions.likes[item] = (opinions.likes[item] ?? 0) + 1;
      opinions.allLikes++;
    }
  };
  for (const share of TRIALS) {
    const trial = Math.floor(share * count);
    goOnTo(trial);
    const now = events.times[trial] ?? 0;
    for (const [span, halfLife] of COUNT_HALF_LIVES_MS.entries()) {
      await breathe();
      if (now + halfLife > newest) continue;
      const after = countAfter(events, isFirst, liking, trial, now + halfLife);
      addLikings(likings[span], before, after, popular, span, now);
      addRates(rates[span], allBefore, after, opinions, span, now);
    }
  }
  goOnTo(count);
  return { likings, rates, opinions };
}

interface After {
  /** By people who had not taken to the item before. */
  readonly firstLikes: ReadonlyMap<number, number>;
  readonly likes: ReadonlyMap<number, number>;
  readonly meetings: ReadonlyMap<number, number>;
}

function countAfter(
  { items, times, worths }: EventColumns,
  isFirst: Uint8Array,
  liking: number,
  from: number,
  until: number,
): After {
  const after = {
    firstLikes: new Map<number, number>(),
    likes: new Map<number, number>(),
    meetings: new Map<number, number>(),
  };
  const add = (map: Map<number, number>, item: number) => map.set(item, (map.get(item) ?? 0) + 1);
  for (let event = from; event < isFirst.length && (times[event] ?? 0) < until; event++) {
    const item = items[event] ?? 0;
    add(after.meetings, item);
    if ((worths[event] ?? 0) >= liking) add(after.likes, item);
    if (isFirst[event] === 1) add(after.firstLikes, item);
  }
  return after;
}

/** Σ E·F and Σ (n − E)·(m − F) over all items, where E and F are shares of what is popular at the moment. */
function addLikings(
  sums: Agreement | undefined,
  before: ItemCounts,
  { firstLikes: likes }: After,
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

/** The same of rates around an item's own so far: Σ m·m′·p (1 − p) and Σ (l − m p)·(l′ − m′ p). */
function addRates(
  sums: RateAgreement | undefined,
  before: ItemCounts,
  { likes, meetings }: After,
  opinions: Opinions,
  span: number,
  now: number,
): void {
  if (sums === undefined) return;
  for (const [item, later] of meetings) {
    const met = countOf(before, item, 'meetings', span, now);
    const liked = countOf(before, item, 'likes', span, now);
    const rate = rateOf(opinions, item);
    sums.expected += met * later;
    sums.chance += met * later * rate * (1 - rate);
    sums.shared += (liked - met * rate) * ((likes.get(item) ?? 0) - later * rate);
  }
}
