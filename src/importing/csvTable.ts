import { type CsvRecord, createRecordReader } from './csvRecords.js';
import { readLines } from './lines.js';
import type { Columns, Row, TableFormat } from './table.js';
import { ImportError } from './types.js';

/**
 * RFC 4180: a header, commas, fields in double quotes where needed, LF or CRLF. Header names in any order and case;
 * unknown columns and empty lines are ignored.
 */
export const csvTable: TableFormat = {
  extension: 'csv',
  async *read(file, columns, reject) {
    const names = [...columns.required, ...columns.optional];
    let places: readonly number[] | null = null;
    let width = 0;
    const reader = createRecordReader(reject);
    const toRows = (records: readonly CsvRecord[]): Row[] => {
      const rows: Row[] = [];
      for (const { line, fields } of records) {
        if (places === null) {
          width = fields.length;
          places = findColumns(file, fields, columns, names);
        } else if (fields.length !== width) {
          reject(line, `has ${fields.length} fields where the header names ${width}`);
        } else {
          rows.push({ line, values: places.map((place) => fields[place] || undefined) });
        }
      }
      return rows;
    };
    let read = 0;
    for await (const { firstLine, lines, bytesRead } of readLines(file, (line) => reject(line, 'is too long'))) {
      read = bytesRead;
      yield { rows: toRows(reader.feed(firstLine, lines)), bytesRead };
    }
    yield { rows: toRows(reader.end()), bytesRead: read };
    if (places === null) throw new ImportError(`${file} is empty; a header naming its columns is needed.`);
  },
};

function findColumns(file: string, header: readonly string[], columns: Columns, names: readonly string[]): number[] {
  const found = header.map((name) => name.trim().toLowerCase());
  const missing = columns.required.filter((name) => !found.includes(name.toLowerCase()));
  if (missing.length > 0) {
    throw new ImportError(`${file} has no column ${missing.join(', ')}; its header names ${found.join(', ')}.`);
  }
  return names.map((name) => found.indexOf(name.toLowerCase()));
}
