import { MINUTE_MS } from '../../domain/clock.js';
import { foldWorth } from '../../features/worth.js';
import type { EventColumns } from './eventColumns.js';
import { groupByUser } from './interactions.js';

/** After so long without an event a person's next one begins another session. */
const SESSION_MS = 30 * MINUTE_MS;

/**
 * In which order people met what they met, one entry per person and item, where they met it first. Person p's entries
 * are `offsets[p]` to `offsets[p + 1]`, oldest first.
 */
export interface Encounters {
  readonly itemCount: number;
  /** People + 1. */
  readonly offsets: Int32Array;
  readonly items: Int32Array;
  /** What the person thinks of it, by all they did on it; see `foldWorth`. */
  readonly worth: Float32Array;
  /**
   * Twice the place among the person's items; what was met at one moment shares the middle of the places it takes, for
   * nothing says which came first.
   */
  readonly places: Int32Array;
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  /** Which of the person's sessions, counted from 0. */
  readonly sessions: Int32Array;
}

/** Of the first `count` events. Time and memory are linear in them. */
export function foldEncounters(events: EventColumns, count: number = events.users.length): Encounters {
  const { userCount, itemCount } = events;
  const byUser = groupByUser(events, count);
  const offsets = new Int32Array(userCount + 1);
  const items = new Int32Array(count);
  const worth = new Float32Array(count);
  const times = new Float64Array(count);
  const sessions = new Int32Array(count);
  const opinion = new Float32Array(itemCount);
  const thoughtBy = new Int32Array(itemCount).fill(-1);
  const metBy = new Int32Array(itemCount).fill(-1);
  let next = 0;
  for (let user = 0; user < userCount; user++) {
    const timeline = byUser.events.subarray(byUser.offsets[user], byUser.offsets[user + 1]);
    for (let at = timeline.length - 1; at >= 0; at--) {
      const event = timeline[at] ?? 0;
      const item = events.items[event] ?? 0;
      const newer = thoughtBy[item] === user ? opinion[item] : undefined;
      opinion[item] = foldWorth(newer, events.worths[event] ?? 0);
      thoughtBy[item] = user;
    }
    let session = 0;
    let before = Number.POSITIVE_INFINITY;
    for (const event of timeline) {
      const item = events.items[event] ?? 0;
      const time = events.times[event] ?? 0;
      if (time - before > SESSION_MS) session++;
      before = time;
      if (metBy[item] === user) continue;
      metBy[item] = user;
      items[next] = item;
      worth[next] = opinion[item] ?? 0;
      times[next] = time;
      sessions[next] = session;
      next++;
    }
    offsets[user + 1] = next;
  }
  return {
    itemCount,
    offsets,
    items: items.slice(0, next),
    worth: worth.slice(0, next),
    places: middlePlaces(offsets, times),
    times: times.slice(0, next),
    sessions: sessions.slice(0, next),
  };
}

function middlePlaces(offsets: Int32Array, times: Float64Array): Int32Array {
  const places = new Int32Array(offsets.at(-1) ?? 0);
  for (let user = 0; user + 1 < offsets.length; user++) {
    const first = offsets[user] ?? 0;
    const end = offsets[user + 1] ?? 0;
    for (let start = first; start < end; ) {
      let after = start;
      while (after < end && times[after] === times[start]) after++;
      places.fill(start - first + after - 1 - first, start, after);
      start = after;
    }
  }
  return places;
}
