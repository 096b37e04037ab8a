import type { Random } from '../../domain/random.js';
import { type DenseEvent, foldProfile } from '../../features/profile.js';
import type { EventColumns } from './eventColumns.js';
import { groupByUser } from './interactions.js';
import { type Moment, PROFILE_EVENTS } from './replay.js';
import { sample } from './sample.js';

export interface HoldOutOptions {
  readonly events: EventColumns;
  /** How many people give up a part of their items. */
  readonly people: number;
  /** Of each of them, this share of their items, rounded down: 0 to 1. */
  readonly share: number;
  /** And no more than so many. */
  readonly most: number;
  /** Worth from which an action counts as taking to an item. */
  readonly positiveWorth: number;
  readonly random: Random;
}

/** A log in two parts that time does not tell apart. */
export interface HeldOut {
  /** What may be learned from: everything but what was held out. */
  readonly kept: EventColumns;
  /** One per person who gave something up, in random order: asked for the rest of them, all the kept being known. */
  readonly moments: readonly Moment[];
}

/**
 * For logs whose events all happened at one time, and for these alone: there is no past to replay. A random part of some
 * people's items is put aside, all their events on them with it, and stands for what they did next. Flattering where order
 * matters, because what is put aside is as old as what is known; a log with times is split by them (`replayMoments`).
 */
export function holdOut({ events, people, share, most, positiveWorth, random }: HoldOutOptions): HeldOut {
  const byUser = groupByUser(events);
  const timelineOf = (user: number) => byUser.events.subarray(byUser.offsets[user], byUser.offsets[user + 1]);
  const itemsOf = (user: number) => [...new Set(Array.from(timelineOf(user), (event) => events.items[event] ?? 0))];
  const able = Array.from({ length: events.userCount }, (_, user) => user).filter(
    (user) => Math.floor(share * itemsOf(user).length) > 0,
  );
  const out = new Uint8Array(events.users.length);
  const moments = sample(able, people, random).map((user) => {
    const own = itemsOf(user);
    const asked = new Set(sample(own, Math.min(most, Math.floor(share * own.length)), random));
    const timeline = timelineOf(user);
    for (const event of timeline) if (asked.has(events.items[event] ?? 0)) out[event] = 1;
    return momentOf(events, user, timeline, asked, positiveWorth);
  });
  return { kept: without(events, out), moments };
}

function momentOf(
  { items, worths, times, facts }: EventColumns,
  user: number,
  timeline: Int32Array,
  asked: ReadonlySet<number>,
  positiveWorth: number,
): Moment {
  const seen = new Set<number>();
  const held = new Map<number, number>();
  const known: DenseEvent[] = [];
  for (const event of timeline.toReversed()) {
    const [item, worth] = [items[event] ?? 0, worths[event] ?? 0];
    if (asked.has(item)) {
      held.set(item, Math.max(worth, held.get(item) ?? Number.NEGATIVE_INFINITY));
      continue;
    }
    seen.add(item);
    if (known.length < PROFILE_EVENTS) known.push({ item, worth, time: times[event] ?? 0 });
  }
  const liked = new Set([...held].filter(([, worth]) => worth >= positiveWorth).map(([item]) => item));
  const interests = facts[user]?.interests ?? [];
  // All happened at once: no circumstance of it can tell one list from another.
  return {
    user,
    now: times.at(-1) ?? 0,
    circumstances: new Map(),
    interests,
    profile: foldProfile(known),
    seen,
    liked,
    worths: held,
  };
}

function without(events: EventColumns, out: Uint8Array): EventColumns {
  const kept = (_: number, event: number) => out[event] === 0;
  return {
    ...events,
    users: events.users.filter(kept),
    items: events.items.filter(kept),
    worths: events.worths.filter(kept),
    times: events.times.filter(kept),
    circumstances: events.circumstances.map((column) => ({ ...column, codes: column.codes.filter(kept) })),
  };
}
