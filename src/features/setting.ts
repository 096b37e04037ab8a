import type { PersonFacts } from '../domain/entities.js';
import type { JsonObject } from '../domain/json.js';
import type { SegmentModel } from '../registry/snapshot.js';
import { readContext, readFacts } from './context.js';

/** What a moment is like, and for whom: kind of circumstance → its value, see `readContext` and `readFacts`. */
export type Circumstances = ReadonlyMap<string, string>;

/** What the moment of a request is like, in terms of one snapshot: kind of circumstance → row of its segment model. */
export type Setting = ReadonlyMap<string, number>;

/** The segment of people of whom little is known. */
export const NEWCOMER = 'newcomer';

/** `now` in epoch milliseconds. What the context says goes before what the person says of themselves. */
export function circumstancesOf(context: JsonObject | null, now: number, facts: PersonFacts | null): Circumstances {
  const found = new Map<string, string>();
  if (facts !== null) readFacts(facts, (kind, value) => void found.set(kind, value));
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
