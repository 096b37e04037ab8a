import type { EventColumns } from './eventColumns.js';

/**
 * Since when each item has been there, epoch milliseconds. A date of making that lies after the item's first event, or
 * after the whole log, was written by an import and says nothing: such an item counts as always there.
 */
export function existsSince(
  createdAt: Float64Array,
  { items, times }: Pick<EventColumns, 'items' | 'times'>,
): Float64Array {
  const firstTouched = new Float64Array(createdAt.length).fill(times.at(-1) ?? Number.NEGATIVE_INFINITY);
  for (let event = times.length - 1; event >= 0; event--) firstTouched[items[event] ?? 0] = times[event] ?? 0;
  return createdAt.map((made, item) => (made <= (firstTouched[item] ?? 0) ? made : Number.NEGATIVE_INFINITY));
}
