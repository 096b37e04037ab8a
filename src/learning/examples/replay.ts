import type { Random } from '../../domain/random.js';
import { type DenseEvent, foldProfile, type Profile } from '../../features/profile.js';
import type { Circumstances } from '../../features/setting.js';
import type { EventColumns } from './eventColumns.js';
import { groupByUser } from './interactions.js';
import { sample } from './sample.js';

/** A person at a moment of the past: what was known of them, and what they did next. */
export interface Moment {
  readonly user: number;
  /** Epoch milliseconds. Only events from before count as known. */
  readonly now: number;
  /** Of the event that happened then. */
  readonly circumstances: Circumstances;
  /** Those the person declared. */
  readonly interests: readonly string[];
  readonly profile: Profile;
  /** Every item met before `now`. */
  readonly seen: ReadonlySet<number>;
  /** Of the next new items they met, those they took to. */
  readonly liked: ReadonlySet<number>;
}

export interface ReplayOptions {
  readonly events: EventColumns;
  /** Moments lie at or after this event; the models they are replayed against know only what came before. */
  readonly cut: number;
  readonly people: number;
  readonly momentsPerPerson: number;
  /** How many of the next new items count as what the person did next. */
  readonly horizon: number;
  /** Worth from which an action counts as taking to an item. */
  readonly positiveWorth: number;
  readonly random: Random;
}

/** The newest events of a person that their profile is read from; older ones are seen, no more. */
export const PROFILE_EVENTS = 500;

/** Moments of people who met new items after the cut, in the order of the people; of new ones their first is among them. */
export function replayMoments(options: ReplayOptions): Moment[] {
  const { events, cut, people, momentsPerPerson, random } = options;
  const byUser = groupByUser(events);
  const returning: number[] = [];
  for (let user = 0; user < events.userCount; user++) {
    const last = byUser.events[(byUser.offsets[user + 1] ?? 0) - 1] ?? -1;
    if ((byUser.offsets[user + 1] ?? 0) > (byUser.offsets[user] ?? 0) && last >= cut) returning.push(user);
  }
  const chosen = sample(returning, people, random).sort((a, b) => a - b);
  return chosen.flatMap((user) => {
    const timeline = byUser.events.subarray(byUser.offsets[user], byUser.offsets[user + 1]);
    const later = Array.from(timeline.keys()).filter((place) => (timeline[place] ?? 0) >= cut);
    // Someone who is new is asked for before they did anything: else the ranker would hardly ever see a stranger.
    const first = later[0] === 0 ? later.slice(0, 1) : [];
    const others = sample(later.slice(first.length), momentsPerPerson - first.length, random);
    const moments = [...first, ...others].sort((a, b) => a - b).map((place) => events.times[timeline[place] ?? 0] ?? 0);
    return [...new Set(moments)].map((now) => momentAt(options, user, timeline, now));
  });
}

function momentAt(options: ReplayOptions, user: number, timeline: Int32Array, now: number): Moment {
  const { events, horizon, positiveWorth } = options;
  const eventAt = (place: number): DenseEvent => {
    const event = timeline[place] ?? 0;
    return { item: events.items[event] ?? 0, worth: events.worths[event] ?? 0, time: events.times[event] ?? 0 };
  };
  let start = 0;
  while (start < timeline.length && eventAt(start).time < now) start++;
  const seen = new Set<number>();
  const newestFirst: DenseEvent[] = [];
  for (let place = start - 1; place >= 0; place--) {
    const event = eventAt(place);
    seen.add(event.item);
    if (newestFirst.length < PROFILE_EVENTS) newestFirst.push(event);
  }
  const next = new Map<number, number>();
  for (let place = start; place < timeline.length; place++) {
    const { item, worth } = eventAt(place);
    if (seen.has(item) || (next.size >= horizon && !next.has(item))) continue;
    next.set(item, Math.max(worth, next.get(item) ?? Number.NEGATIVE_INFINITY));
  }
  const liked = new Set([...next].filter(([, worth]) => worth >= positiveWorth).map(([item]) => item));
  const circumstances = circumstancesAt(events, timeline[start] ?? -1);
  const interests = events.facts[user]?.interests ?? [];
  return { user, now, circumstances, interests, profile: foldProfile(newestFirst), seen, liked };
}

function circumstancesAt({ circumstances }: EventColumns, event: number): Circumstances {
  const found = new Map<string, string>();
  for (const { kind, values, codes } of circumstances) {
    const value = values[codes[event] ?? -1];
    if (value !== undefined) found.set(kind, value);
  }
  return found;
}
