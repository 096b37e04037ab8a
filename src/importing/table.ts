/** Columns of a file, by name. */
export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export interface Row {
  /** Where the row starts, from 1. */
  readonly line: number;
  /** In the order of `required`, then `optional`; undefined where the file says nothing. */
  readonly values: readonly unknown[];
}

export interface RowBlock {
  readonly rows: readonly Row[];
  readonly bytesRead: number;
}

/** Hears of a row that cannot be read. */
export type Reject = (line: number, reason: string) => void;

/** A file format that holds rows with named columns. Streams: memory does not grow with the file. */
export interface TableFormat {
  /** Without the dot. */
  readonly extension: string;
  /** @throws ImportError when a required column is missing from the whole file. */
  read(file: string, columns: Columns, reject: Reject): AsyncIterable<RowBlock>;
}
