import type { JsonObject } from '../domain/json.js';
import type { SegmentModel } from '../registry/snapshot.js';
import { readContext } from './context.js';

/** What a moment is like: kind of circumstance → its value, see `readContext`. */
export type Circumstances = ReadonlyMap<string, string>;

/** What the moment of a request is like, in terms of one snapshot: kind of circumstance → row of its segment model. */
export type Setting = ReadonlyMap<string, number>;

/** The segment of people of whom little is known. */
export const NEWCOMER = 'newcomer';

/** `now` in epoch milliseconds. */
export function circumstancesOf(context: JsonObject | null, now: number): Circumstances {
  const found = new Map<string, string>();
  readContext(context, now, (kind, value) => void found.set(kind, value));
  return found;
}

/** The segments a moment falls into; those of which nothing was learned are left out. Everyone may be a newcomer. */
export function settingOf(model: SegmentModel | null, circumstances: Circumstances): Setting {
  const rows = new Map<string, number>();
  if (model === null) return rows;
  for (const [kind, value] of circumstances) {
    const row = model.rowOf(kind, value);
    if (row >= 0) rows.set(kind, row);
  }
  const newcomer = model.rowOf(NEWCOMER, '');
  if (newcomer >= 0) rows.set(NEWCOMER, newcomer);
  return rows;
}
