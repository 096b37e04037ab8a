import { parse } from 'csv-parse/sync';
import type { Reject } from './table.js';

/** A quoted field may hold line breaks, but a record longer than this means that its quote was never closed. */
const MAX_RECORD_LINES = 1_000;
const MAX_RECORD_CHARS = 4 * 1024 * 1024;

export interface CsvRecord {
  /** Where the record starts, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface RecordReader {
  /** The records that end within these lines, in order. */
  feed(firstLine: number, lines: readonly string[]): CsvRecord[];
  /** What an open quote had held back, once the file has ended. */
  end(): CsvRecord[];
}

/** A record found but not yet taken apart; `fields` is null until csv-parse has read `text`. */
interface Found {
  readonly line: number;
  readonly text: string;
  fields: readonly string[] | null;
}

/**
 * Puts the lines of a CSV file together into records. Lines without a quote are split at their commas, which is what
 * csv-parse would do (a test compares the two) at a fraction of its cost; all others go through csv-parse.
 *
 * A broken quote costs one line, not the rest of the file: lines are joined while their quotes are odd in number, and
 * when the result cannot be read, the first line is rejected and reading goes on with the second.
 */
export function createRecordReader(reject: Reject): RecordReader {
  /** Lines of a record whose quote is still open, and the number of the first. */
  let open: string[] = [];
  let openLine = 0;
  let openChars = 0;
  let found: Found[] = [];

  const take = (line: number, text: string): void => {
    if (open.length > 0) {
      open.push(text);
      openChars += text.length;
      if (hasOpenQuote(text)) closeRecord();
      else if (open.length >= MAX_RECORD_LINES || openChars > MAX_RECORD_CHARS)
        rejectFirst('has a quote that is not closed');
    } else if (!text.includes('"')) {
      const content = withoutReturn(text);
      if (content !== '') found.push({ line, text: content, fields: content.split(',') });
    } else if (hasOpenQuote(text)) {
      open = [text];
      openLine = line;
      openChars = text.length;
    } else {
      found.push({ line, text: withoutReturn(text), fields: null });
    }
  };
  const closeRecord = () => {
    const text = withoutReturn(open.join('\n'));
    const fields = parseOne(text);
    if (typeof fields === 'string') return rejectFirst(fields);
    found.push({ line: openLine, text, fields });
    open = [];
  };
  const rejectFirst = (reason: string) => {
    const again = open.slice(1);
    const line = openLine + 1;
    reject(openLine, reason);
    open = [];
    for (const [index, text] of again.entries()) take(line + index, text);
  };
  const flush = (): CsvRecord[] => {
    parseTogether(found.filter(({ fields }) => fields === null));
    const records: CsvRecord[] = [];
    for (const { line, text, fields } of found) {
      const known = fields ?? parseOne(text);
      if (typeof known === 'string') reject(line, known);
      else if (text.includes('\0')) reject(line, 'has a NUL character');
      else records.push({ line, fields: known });
    }
    found = [];
    return records;
  };

  return {
    feed(firstLine, lines) {
      for (let i = 0; i < lines.length; i++) take(firstLine + i, lines[i] ?? '');
      return flush();
    },
    end() {
      while (open.length > 0) rejectFirst('has a quote that is not closed');
      return flush();
    },
  };
}

const PARSER = { record_delimiter: ['\n', '\r\n'], relax_column_count: true };

/** Fills in `fields` with one call of csv-parse, whose cost is mostly per call; leaves them null when any record is broken. */
function parseTogether(records: readonly Found[]): void {
  if (records.length === 0) return;
  try {
    const parsed = parse(records.map(({ text }) => text).join('\n'), PARSER);
    if (parsed.length !== records.length) return;
    for (const [index, record] of records.entries()) record.fields = parsed[index] ?? null;
  } catch {
    // Each will be tried alone, to find which one it was.
  }
}

/** The fields, or why there are none. */
function parseOne(text: string): readonly string[] | string {
  try {
    const [fields] = parse(text, PARSER);
    return fields ?? 'is empty';
  } catch {
    return 'has a quote in the wrong place';
  }
}

function hasOpenQuote(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
