import type { JsonObject } from '../../domain/json.js';
import { readContext } from '../../features/context.js';
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

interface Column {
  readonly kind: string;
  readonly codeOf: Map<string, number>;
  readonly codes: Growable<Int16Array>;
}

export function circumstanceBuilder(): CircumstanceBuilder {
  const columns = new Map<string, Column>();
  let count = 0;
  const fill = ({ codes }: Column, length: number) => {
    while (codes.length < length) codes.push(-1);
  };
  return {
    add(context, time) {
      readContext(context, time, (kind, value) => {
        let column = columns.get(kind);
        if (column === undefined) {
          if (columns.size >= MOST_KINDS) return;
          column = { kind, codeOf: new Map(), codes: growable((length) => new Int16Array(length)) };
          columns.set(kind, column);
        }
        let code = column.codeOf.get(value);
        if (code === undefined) {
          if (column.codeOf.size >= MOST_VALUES) return;
          code = column.codeOf.size;
          column.codeOf.set(value, code);
        }
        fill(column, count);
        column.codes.push(code);
      });
      count++;
    },
    finish() {
      return [...columns.values()].map((column) => {
        fill(column, count);
        return { kind: column.kind, values: [...column.codeOf.keys()], codes: column.codes.values() };
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
