import { longerFloat64, longerInt32 } from '../../../registry/room.js';
import type { NamedColumn } from '../../../registry/snapshot.js';

/** A column of names that rows are added to. */
export interface LiveNames {
  at(row: number): string | null;
  /** A row of the version is written in a copy of the column: the one before may be read just now. */
  write(row: number, name: string | null): void;
  /** As it is now. */
  column(size: number): NamedColumn;
}

interface Room {
  /** Rows that are the version's. */
  readonly first: number;
  readonly capacity: number;
  readonly owner: object;
}

export function liveNames(base: NamedColumn, { first, capacity, owner }: Room): LiveNames {
  const names = [...base.names];
  let codes = longerInt32(base.codes, capacity, owner);
  let isOurs = false;
  let known: Map<string, number> | null = null;

  const codeOf = (name: string): number => {
    known ??= new Map(names.map((one, code) => [one, code]));
    const code = known.get(name) ?? names.length;
    if (code === names.length) {
      known.set(name, code);
      names.push(name);
    }
    return code;
  };
  return {
    at: (row) => names[codes[row] ?? -1] ?? null,
    write(row, name) {
      if (row < first && !isOurs) {
        codes = codes.slice();
        isOurs = true;
      }
      codes[row] = name === null ? -1 : codeOf(name);
    },
    column(size) {
      isOurs = false;
      return { names, codes: codes.subarray(0, size) };
    },
  };
}

/** A column of moments that rows are added to, as `LiveNames`. */
export interface LiveTimes {
  at(row: number): number;
  write(row: number, time: number): void;
  column(size: number): Float64Array;
}

export function liveTimes(base: Float64Array, { first, capacity, owner }: Room): LiveTimes {
  let times = longerFloat64(base, capacity, owner);
  let isOurs = false;
  return {
    at: (row) => times[row] ?? 0,
    write(row, time) {
      if (row < first && !isOurs) {
        times = times.slice();
        isOurs = true;
      }
      times[row] = time;
    },
    column(size) {
      isOurs = false;
      return times.subarray(0, size);
    },
  };
}
