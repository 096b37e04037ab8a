import type { Item } from '../../../domain/entities.js';
import { CurioError } from '../../../domain/errors.js';
import { groupByUser } from '../../examples/interactions.js';
import { positiveWorth } from '../../examples/positiveWorth.js';
import { cutInTime, RANKER_DEFAULTS } from '../../trainRanker.js';
import { type EventTable, eventTableBuilder, selectEvents } from '../eventTable.js';
import type { JudgedPerson, Split } from '../split.js';

/** Share of the events, the newest ones, that are judged by. */
const SHARE = 0.2;

/**
 * One moment splits the log for everyone: what happened before is learned from, and each person is judged by the new
 * items they took to from then on. Everyone is asked for at that moment. What came into the catalogue later does not
 * exist. `cut` in epoch milliseconds; null takes the moment before the newest fifth of the events.
 * @throws CurioError `BAD_USER_INPUT` when nothing lies on one of its sides.
 */
export function temporal(whole: EventTable, cut: number | null = null): Split {
  const moment = cut ?? whole.times[cutInTime(whole.times, SHARE)] ?? Number.NaN;
  const table = asOf(whole, moment);
  const first = table.times.findIndex((time) => time >= moment);
  if (first <= 0) throw new CurioError('BAD_USER_INPUT', `No moment splits the log: ${sayWhy(whole, moment, first)}.`);
  const train = selectEvents(
    table,
    Int32Array.from({ length: first }, (_, event) => event),
  );
  return { protocol: 'temporal', train, people: judged(table, first, moment), until: moment };
}

function sayWhy({ times }: EventTable, moment: number, first: number): string {
  if (times.length === 0) return 'it is empty';
  if (Number.isNaN(moment) || times[0] === times.at(-1)) return 'it all happened at once';
  return `nothing happened ${first === 0 ? 'before' : 'from'} ${new Date(moment).toISOString()}${first === 0 ? '' : ' on'}`;
}

function judged(table: EventTable, first: number, now: number): JudgedPerson[] {
  const liking = positiveWorth(table.worths);
  const { offsets, events } = groupByUser(table);
  const metBy = new Int32Array(table.itemCount).fill(-1);
  const people: JudgedPerson[] = [];
  for (let user = 0; user < table.userCount; user++) {
    const right = new Set<number>();
    const next = new Set<number>();
    for (const event of events.subarray(offsets[user], offsets[user + 1])) {
      const item = table.items[event] ?? 0;
      if (event < first) metBy[item] = user;
      if (metBy[item] === user) continue;
      if (next.size < RANKER_DEFAULTS.horizon) next.add(item);
      if ((table.worths[event] ?? 0) >= liking) right.add(item);
    }
    if (right.size === 0) continue;
    const promised = Int32Array.from([...next].filter((item) => right.has(item)));
    people.push({ user, now, right: Int32Array.from(right).sort(), promised });
  }
  return people;
}

/**
 * The log without the items that were made from `moment` on. A date of making that lies after the item's first event, or
 * after the whole log, was written by an import and says nothing; no item is younger than `moment`.
 */
function asOf(table: EventTable, moment: number): EventTable {
  const firstTouched = new Float64Array(table.itemCount).fill(table.times.at(-1) ?? moment);
  for (let event = table.times.length - 1; event >= 0; event--) {
    firstTouched[table.items[event] ?? 0] = table.times[event] ?? 0;
  }
  const catalogue = table.catalogue.flatMap((item, index): Item[] => {
    const created = item.createdAt.getTime();
    if (created < moment) return [item];
    return created <= (firstTouched[index] ?? 0) ? [] : [{ ...item, createdAt: new Date(moment) }];
  });
  const builder = eventTableBuilder(catalogue, table.follows, table.registered);
  for (const [event, action] of table.actions.entries()) {
    builder.add(
      table.userIds[table.users[event] ?? -1] ?? '',
      table.catalogue[table.items[event] ?? -1]?.id ?? '',
      action,
      table.values[event] ?? Number.NaN,
      table.times[event] ?? 0,
      table.contexts[event] ?? null,
    );
  }
  return builder.finish();
}
