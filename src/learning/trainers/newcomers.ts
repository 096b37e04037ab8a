import { ndcgAt } from '../evaluation/metrics.js';
import type { EventColumns } from '../examples/eventColumns.js';
import type { FirstLikes } from '../examples/firstLikes.js';

/** Half-lives that compete, as shares of the time the log spans. */
const HALF_LIVES = [1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 4];
/** A person is new among their first so many items; or all of their likes count. */
const WINDOWS = [20, 50, Number.POSITIVE_INFINITY];
/** Shares of the events after which the lists are tried on people who come then. */
const CUTS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const SHOWN = 10;
/** With fewer new people to try on, chance would choose. */
const LEAST_PEOPLE = 30;

interface Candidate {
  readonly halfLife: number;
  readonly window: number;
}

/** Someone who came after a cut, and what they took to until the next one. */
interface Stranger {
  readonly cut: number;
  readonly liked: Set<number>;
}

/**
 * What strangers take to. Lists of "what people took to lately, among their first few items or in all" are tried on those
 * who came after several moments of the past (NDCG@10); the mean of those that are as good as the best one, within its
 * standard error, is what strangers get. Answers the logarithm of each item's share of it against its share of `prior`, for
 * as many of its first items as are kept; null where there were too few strangers to choose by, or no time between events.
 */
export function newcomerLifts(options: {
  readonly events: EventColumns;
  /** Only the first so many are read. */
  readonly count: number;
  readonly first: FirstLikes;
  readonly prior: Float32Array;
  readonly itemsKept: number;
}): Map<number, number> | null {
  const { events, count, first, prior, itemsKept } = options;
  const span = (events.times[count - 1] ?? 0) - (events.times[0] ?? 0);
  if (!(span > 0)) return null;
  const cuts = [...new Set(CUTS.map((share) => momentStart(events.times, Math.floor(count * share))))].filter(
    (cut) => cut > 0,
  );
  const strangers = strangersAfter(cuts, events, count, first);
  if (strangers.length < LEAST_PEOPLE) return null;
  const tried = WINDOWS.flatMap((window) =>
    HALF_LIVES.map((share) => {
      const candidate: Candidate = { halfLife: share * span, window };
      const lists = new Map<number, number[]>();
      gather(candidate, events, count, first, cuts, (cut, mass) => lists.set(cut, topOf(mass)));
      const pleased = strangers.map(({ cut, liked }) => ndcgAt(SHOWN, lists.get(cut) ?? [], liked));
      return { candidate, pleased };
    }),
  );
  const shares = new Float64Array(events.itemCount);
  for (const candidate of asGoodAsTheBest(tried)) {
    const mass = gather(candidate, events, count, first, [], () => {});
    const sum = mass.reduce((total, value) => total + value, 0);
    for (let item = 0; item < shares.length; item++) shares[item] = (shares[item] ?? 0) + (mass[item] ?? 0) / sum;
  }
  return liftsOver(prior, shares, itemsKept);
}

interface Tried {
  readonly candidate: Candidate;
  /** Per stranger. */
  readonly pleased: readonly number[];
}

function asGoodAsTheBest(tried: readonly Tried[]): Candidate[] {
  const best = tried.reduce((a, b) => (mean(b.pleased) > mean(a.pleased) ? b : a));
  return tried
    .filter(({ pleased }) => {
      const behind = best.pleased.map((value, at) => value - (pleased[at] ?? 0));
      const average = mean(behind);
      const variance = mean(behind.map((value) => (value - average) ** 2));
      return average <= Math.sqrt(variance / behind.length);
    })
    .map(({ candidate }) => candidate);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The first event of the moment that `event` belongs to. */
function momentStart(times: Float64Array, event: number): number {
  let start = event;
  while (start > 0 && times[start - 1] === times[start]) start--;
  return start;
}

function strangersAfter(
  cuts: readonly number[],
  { users, items, userCount }: EventColumns,
  count: number,
  first: FirstLikes,
): Stranger[] {
  const firstEvent = new Int32Array(userCount).fill(count);
  for (let event = count - 1; event >= 0; event--) firstEvent[users[event] ?? 0] = event;
  const byUser = new Map<number, Stranger>();
  for (const event of first.events) {
    const user = users[event] ?? 0;
    const cut = cuts.findLast((place) => place <= (firstEvent[user] ?? 0));
    if (cut === undefined || event >= (cuts.find((place) => place > cut) ?? count)) continue;
    const stranger = byUser.get(user) ?? { cut, liked: new Set<number>() };
    stranger.liked.add(items[event] ?? 0);
    byUser.set(user, stranger);
  }
  return [...byUser.values()];
}

/**
 * What counts for each item, and calls `atCut` with what counted at each cut. Everything fades from the newest event on: at
 * an earlier cut the order is the same as if it had faded from there, and one pass serves every cut.
 */
function gather(
  { halfLife, window }: Candidate,
  { times, items, worths, itemCount }: EventColumns,
  count: number,
  { events: likes, places }: FirstLikes,
  cuts: readonly number[],
  atCut: (cut: number, mass: Float64Array) => void,
): Float64Array {
  const newest = times[count - 1] ?? 0;
  const mass = new Float64Array(itemCount);
  let next = 0;
  for (const [like, event] of likes.entries()) {
    for (let cut = cuts[next]; cut !== undefined && cut <= event; cut = cuts[++next]) atCut(cut, mass);
    if ((places[like] ?? 0) >= window) continue;
    const item = items[event] ?? 0;
    const share = 0.5 ** ((newest - (times[event] ?? 0)) / halfLife);
    mass[item] = (mass[item] ?? 0) + (worths[event] ?? 0) * share;
  }
  return mass;
}

function topOf(mass: Float64Array): number[] {
  const best: number[] = [];
  for (let item = 0; item < mass.length; item++) {
    const value = mass[item] ?? 0;
    if (value === 0 || (best.length === SHOWN && value <= (mass[best.at(-1) ?? 0] ?? 0))) continue;
    let place = best.length;
    while (place > 0 && (mass[best[place - 1] ?? 0] ?? 0) < value) place--;
    best.splice(place, 0, item);
    if (best.length > SHOWN) best.pop();
  }
  return best;
}

function liftsOver(prior: Float32Array, mass: Float64Array, kept: number): Map<number, number> {
  const priorSum = prior.reduce((sum, value) => sum + value, 0);
  const massSum = mass.reduce((sum, value) => sum + value, 0);
  const best = Array.from(mass.keys())
    .filter((item) => (mass[item] ?? 0) > 0 && (prior[item] ?? 0) > 0)
    .sort((a, b) => (mass[b] ?? 0) - (mass[a] ?? 0) || a - b)
    .slice(0, kept);
  return new Map(
    best.map((item) => [item, Math.log((mass[item] ?? 0) / massSum) - Math.log((prior[item] ?? 0) / priorSum)]),
  );
}
