import { groupByUser } from '../examples/interactions.js';
import type { EventTable } from './eventTable.js';
import type { JudgedPerson } from './split.js';

export const SLICES = ['known people', 'new people', 'new items', 'tail items'] as const;
export type Slice = (typeof SLICES)[number];

/** Share of the touched items, the most popular ones, that are no tail. */
const HEAD = 0.2;

/** The part of what is right for a person that lies in each slice. */
export type RightIn = (slice: Slice, person: JudgedPerson) => Int32Array;

/**
 * Known people did something in the training slice, new people did not; new items were touched by nobody there; tail items were touched, but do
 * not belong to the most popular fifth.
 */
export function slicer(train: EventTable, metBy: Int32Array): RightIn {
  const active = new Uint8Array(train.userCount);
  for (const user of train.users) active[user] = 1;
  const touched = Int32Array.from(metBy.keys()).filter((item) => (metBy[item] ?? 0) > 0);
  const byFame = touched.sort((a, b) => (metBy[b] ?? 0) - (metBy[a] ?? 0) || a - b);
  const head = new Set(byFame.subarray(0, Math.ceil(HEAD * byFame.length)));
  return (slice, { user, right }) => {
    if (slice === 'known people') return active[user] === 1 ? right : new Int32Array(0);
    if (slice === 'new people') return active[user] === 1 ? new Int32Array(0) : right;
    if (slice === 'new items') return right.filter((item) => metBy[item] === 0);
    return right.filter((item) => (metBy[item] ?? 0) > 0 && !head.has(item));
  };
}

/** Per item: how many different people met it. */
export function peoplePerItem(train: EventTable): Int32Array {
  const { offsets, events } = groupByUser(train);
  const metBy = new Int32Array(train.itemCount);
  const lastMetBy = new Int32Array(train.itemCount).fill(-1);
  for (let user = 0; user < train.userCount; user++) {
    for (const event of events.subarray(offsets[user], offsets[user + 1])) {
      const item = train.items[event] ?? 0;
      if (lastMetBy[item] === user) continue;
      lastMetBy[item] = user;
      metBy[item] = (metBy[item] ?? 0) + 1;
    }
  }
  return metBy;
}
