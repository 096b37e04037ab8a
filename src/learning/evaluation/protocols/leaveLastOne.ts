import { groupByUser } from '../../examples/interactions.js';
import { positiveWorth } from '../../examples/positiveWorth.js';
import { type EventTable, selectEvents } from '../eventTable.js';
import type { JudgedPerson, Split } from '../split.js';

/**
 * Of each person the item they took to last is held out, with all they did on it and whatever they did afterwards; all
 * else is learned from. They are asked for at that moment. Someone of whom nothing would be left is not judged. Others'
 * later events are learned from: only `temporal` is honest about time.
 */
export function leaveLastOne(table: EventTable): Split {
  const liking = positiveWorth(table.worths);
  const { offsets, events } = groupByUser(table);
  const held = new Uint8Array(table.users.length);
  const people: JudgedPerson[] = [];
  for (let user = 0; user < table.userCount; user++) {
    const timeline = events.subarray(offsets[user], offsets[user + 1]);
    const place = timeline.findLastIndex((event) => (table.worths[event] ?? 0) >= liking);
    const last = timeline[place];
    if (last === undefined) continue;
    const item = table.items[last] ?? 0;
    if (timeline.subarray(0, place).every((event) => table.items[event] === item)) continue;
    for (const [at, event] of timeline.entries()) if (at >= place || table.items[event] === item) held[event] = 1;
    people.push({ user, now: table.times[last] ?? 0, right: Int32Array.of(item), promised: null });
  }
  const train = Int32Array.from(held.keys()).filter((event) => held[event] === 0);
  return {
    protocol: 'leave-last-one',
    train: selectEvents(table, train),
    people,
    until: (table.times.at(-1) ?? 0) + 1,
  };
}
