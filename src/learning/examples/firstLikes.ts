import type { EventColumns } from './eventColumns.js';
import { groupByUser } from './interactions.js';

/** The events at which a person took to an item for the first time. Index i of each array is one of them, by time. */
export interface FirstLikes {
  /** Event numbers, rising. */
  readonly events: Int32Array;
  /** How many other items the person had met before. */
  readonly places: Int32Array;
}

/** Of the first `count` events; `liking` is the worth from which one takes to an item. Time and memory are linear. */
export function firstLikes(events: EventColumns, count: number, liking: number): FirstLikes {
  const byUser = groupByUser(events, count);
  const metBy = new Int32Array(events.itemCount).fill(-1);
  const likedBy = new Int32Array(events.itemCount).fill(-1);
  const placeOf = new Int32Array(count).fill(-1);
  let likes = 0;
  for (let user = 0; user < events.userCount; user++) {
    let met = 0;
    for (let at = byUser.offsets[user] ?? 0; at < (byUser.offsets[user + 1] ?? 0); at++) {
      const event = byUser.events[at] ?? 0;
      const item = events.items[event] ?? 0;
      const isNew = metBy[item] !== user;
      metBy[item] = user;
      if (isNew) met++;
      if ((events.worths[event] ?? 0) < liking || likedBy[item] === user) continue;
      likedBy[item] = user;
      placeOf[event] = met - 1;
      likes++;
    }
  }
  const found = new Int32Array(likes);
  const places = new Int32Array(likes);
  let next = 0;
  for (let event = 0; event < count; event++) {
    const place = placeOf[event] ?? -1;
    if (place < 0) continue;
    found[next] = event;
    places[next++] = place;
  }
  return { events: found, places };
}
