import type { PersonFacts } from '../../domain/entities.js';
import type { JsonObject } from '../../domain/json.js';
import { readContext, readFacts } from '../../features/context.js';
import { type Growable, growable } from './growable.js';

/** One kind of circumstance over all events: the hour, the device, … 2 bytes an event. */
export interface CircumstanceColumn {
  readonly kind: string;
  /** In the order in which they were met first. */
  readonly values: readonly string[];
  /** Per event the place of its value; -1 where there is none. */
  readonly codes: Int16Array;
}

/** Kinds and values beyond these are too many to learn from, and a log may hold anything. The first ones met count. */
const MOST_KINDS = 12;
const MOST_VALUES = 2_000;

export interface CircumstanceBuilder {
  /** The context of the next event, and its time in epoch milliseconds. */
  add(context: JsonObject | null, time: number): void;
  finish(): CircumstanceColumn[];
}

export function circumstanceBuilder(): CircumstanceBuilder {
  const table = circumstanceTable();
  let count = 0;
  return {
    add(context, time) {
      readContext(context, time, (kind, value) => table.set(kind, count, value));
      count++;
    },
    finish: () => table.finish(count),
  };
}

interface Column {
  readonly codeOf: Map<string, number>;
  readonly codes: Growable<Int16Array>;
}

/** Columns that are filled row by row: rows never fall. */
function circumstanceTable() {
  const columns = new Map<string, Column>();
  const fill = ({ codes }: Column, length: number) => {
    while (codes.length < length) codes.push(-1);
  };
  return {
    set(kind: string, row: number, value: string): void {
      let column = columns.get(kind);
      if (column === undefined) {
        if (columns.size >= MOST_KINDS) return;
        column = { codeOf: new Map(), codes: growable((length) => new Int16Array(length)) };
        columns.set(kind, column);
      }
      let code = column.codeOf.get(value);
      if (code === undefined) {
        if (column.codeOf.size >= MOST_VALUES) return;
        code = column.codeOf.size;
        column.codeOf.set(value, code);
      }
      fill(column, row);
      column.codes.push(code);
    },
    finish(length: number): CircumstanceColumn[] {
      return [...columns].map(([kind, column]) => {
        fill(column, length);
        return { kind, values: [...column.codeOf.keys()], codes: column.codes.values() };
      });
    },
  };
}

/** The given events, in their order. */
export function selectCircumstances(columns: readonly CircumstanceColumn[], events: Int32Array): CircumstanceColumn[] {
  return columns.map((column) => ({
    ...column,
    codes: Int16Array.from(events, (event) => column.codes[event] ?? -1),
  }));
}

/** The columns with what the person of each event says of themselves, where the event itself says nothing. */
export function withFacts(
  columns: readonly CircumstanceColumn[],
  users: Int32Array,
  facts: readonly (PersonFacts | null)[],
): CircumstanceColumn[] {
  const told = circumstanceTable();
  for (const [user, one] of facts.entries())
    if (one !== null) readFacts(one, (kind, value) => told.set(kind, user, value));
  const ofPeople = told.finish(facts.length);
  const kinds = new Set([...columns, ...ofPeople].map(({ kind }) => kind));
  return [...kinds].map((kind) => {
    const own = columns.find((column) => column.kind === kind);
    const theirs = ofPeople.find((column) => column.kind === kind);
    if (theirs === undefined) return own ?? { kind, values: [], codes: new Int16Array(0) };
    const values = [...new Set([...(own?.values ?? []), ...theirs.values])].slice(0, MOST_VALUES);
    const place = Int16Array.from(theirs.values, (value) => values.indexOf(value));
    const codes = Int16Array.from(users, (user, event) => {
      const code = own?.codes[event] ?? -1;
      return code >= 0 ? code : (place[theirs.codes[user] ?? -1] ?? -1);
    });
    return { kind, values, codes };
  });
}
