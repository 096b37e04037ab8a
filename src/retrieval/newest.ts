import type { ItemTable } from '../registry/snapshot.js';
import { keepBest } from './best.js';

/** Beyond these nothing is new, even where a filter leaves few of them. */
const MOST = 1_000;

/** The newest items of a table, newest first; see `Lookups`. One list per table, made at first use. */
export function newestPerTable(): (items: ItemTable) => Int32Array {
  const made = new WeakMap<ItemTable, Int32Array>();
  const make = (items: ItemTable): Int32Array => {
    const { growth } = items;
    if (growth === undefined) return byDate(items);
    const added = growth.rows.filter((row) => row >= growth.base.size).reverse();
    return Int32Array.from([...added.subarray(0, MOST), ...newestOf(growth.base)].slice(0, MOST));
  };
  const newestOf = (items: ItemTable): Int32Array => {
    const newest = made.get(items) ?? make(items);
    made.set(items, newest);
    return newest;
  };
  return newestOf;
}

function byDate({ size, createdAt }: ItemTable): Int32Array {
  let latest = Number.NEGATIVE_INFINITY;
  for (let item = 0; item < size; item++) latest = Math.max(latest, createdAt[item] ?? latest);
  const best = keepBest(MOST);
  // Scores have 32 bits: counted back from the latest, days ago are told apart to the second.
  for (let item = 0; item < size; item++) best.offer(item, (createdAt[item] ?? 0) - latest);
  return best.take().items;
}
