import { recencyAfter } from '../../features/profile.js';
import { foldWorth } from '../../features/worth.js';
import type { EventColumns } from './eventColumns.js';

/**
 * What each person thinks of each item they met, one entry per pair, folded as a profile folds it. Person p's entries
 * are `offsets[p]` to `offsets[p + 1]`, newest first.
 */
export interface Interactions {
  readonly userCount: number;
  readonly itemCount: number;
  /** userCount + 1 */
  readonly offsets: Int32Array;
  readonly items: Int32Array;
  /** See `foldWorth`. */
  readonly worth: Float32Array;
  /** How many of the person's items are newer, those of the same moment not counted. */
  readonly places: Int32Array;
  /** See `recencyAfter`. */
  readonly recency: Float32Array;
  /** Epoch milliseconds of the newest event on the pair. */
  readonly times: Float64Array;
}

/** Folds the first `count` events. Time and memory are linear in them. */
export function foldInteractions(events: EventColumns, count: number = events.users.length): Interactions {
  const { userCount, itemCount } = events;
  const byUser = groupByUser(events, count);
  const offsets = new Int32Array(userCount + 1);
  const items = new Int32Array(count);
  const worth = new Float32Array(count);
  const places = new Int32Array(count);
  const recency = new Float32Array(count);
  const times = new Float64Array(count);
  // Where the current person's entry for an item is; an entry before their first belongs to someone else.
  const entryOf = new Int32Array(itemCount).fill(-1);
  let next = 0;
  for (let user = 0; user < userCount; user++) {
    const first = next;
    let newest = Number.POSITIVE_INFINITY;
    let newer = 0;
    for (let at = (byUser.offsets[user + 1] ?? 0) - 1; at >= (byUser.offsets[user] ?? 0); at--) {
      const event = byUser.events[at] ?? 0;
      const item = events.items[event] ?? 0;
      const value = events.worths[event] ?? 0;
      const known = entryOf[item] ?? -1;
      if (known >= first) {
        worth[known] = foldWorth(worth[known], value);
        continue;
      }
      const time = events.times[event] ?? 0;
      if (time < newest) newer = next - first;
      newest = time;
      entryOf[item] = next;
      items[next] = item;
      worth[next] = value;
      places[next] = newer;
      recency[next] = recencyAfter(newer);
      times[next] = time;
      next++;
    }
    offsets[user + 1] = next;
  }
  return {
    userCount,
    itemCount,
    offsets,
    items: items.slice(0, next),
    worth: worth.slice(0, next),
    places: places.slice(0, next),
    recency: recency.slice(0, next),
    times: times.slice(0, next),
  };
}

/** Event numbers by person, oldest first: person p's are `events[offsets[p]]` to `events[offsets[p + 1] − 1]`. */
export function groupByUser(
  { userCount, users }: EventColumns,
  count: number = users.length,
): { offsets: Int32Array; events: Int32Array } {
  const offsets = new Int32Array(userCount + 1);
  for (let event = 0; event < count; event++) {
    const after = (users[event] ?? 0) + 1;
    offsets[after] = (offsets[after] ?? 0) + 1;
  }
  for (let user = 0; user < userCount; user++) offsets[user + 1] = (offsets[user + 1] ?? 0) + (offsets[user] ?? 0);
  const next = offsets.slice(0, userCount);
  const events = new Int32Array(count);
  for (let event = 0; event < count; event++) {
    const user = users[event] ?? 0;
    const at = next[user] ?? 0;
    events[at] = event;
    next[user] = at + 1;
  }
  return { offsets, events };
}
