import { readLines } from './lines.js';
import type { Columns, Row, TableFormat } from './table.js';

const MAX_DEPTH = 32;
/** What PostgreSQL cannot store in text: NUL, and halves of a surrogate pair. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** One JSON object a line; blank lines count for nothing, unknown members are ignored. */
export const jsonLines: TableFormat = {
  extension: 'jsonl',
  async *read(file, columns, reject) {
    const names = [...columns.required, ...columns.optional];
    for await (const { firstLine, lines, bytesRead } of readLines(file, (line) => reject(line, 'is too long'))) {
      const rows: Row[] = [];
      for (const [index, text] of lines.entries()) {
        if (text.trim() === '') continue;
        const line = firstLine + index;
        const values = parseRow(text, columns, names, (reason) => reject(line, reason));
        if (values !== null) rows.push({ line, values });
      }
      yield { rows, bytesRead };
    }
  },
};

function parseRow(text: string, columns: Columns, names: readonly string[], reject: (reason: string) => void) {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    reject('is not valid JSON');
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    reject('is not a JSON object');
    return null;
  }
  const members = new Map<string, unknown>(Object.entries(parsed));
  const missing = columns.required.find((name) => members.get(name) === undefined);
  if (missing !== undefined) {
    reject(`has no ${missing}`);
    return null;
  }
  const values = names.map((name) => members.get(name) ?? undefined);
  const wrong = names.find((_, index) => !isStorable(values[index], 0));
  if (wrong !== undefined) {
    reject(`${wrong} has a character or a depth that cannot be stored`);
    return null;
  }
  return values;
}

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  return Object.entries(value).every(([key, member]) => !UNSTORABLE.test(key) && isStorable(member, depth + 1));
}
