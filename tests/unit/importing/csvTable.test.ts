import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordReader } from '../../../src/importing/csvRecords.js';
import { csvTable } from '../../../src/importing/csvTable.js';
import type { Row } from '../../../src/importing/table.js';
import { ImportError } from '../../../src/importing/types.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'curio-csv-'));
});
afterAll(() => rm(dir, { recursive: true }));

const COLUMNS = { required: ['a', 'b'], optional: ['c'] };

async function read(content: string | Buffer, columns = COLUMNS) {
  const file = path.join(dir, 'table.csv');
  await writeFile(file, content);
  const rows: Row[] = [];
  const rejected: [number, string][] = [];
  for await (const block of csvTable.read(file, columns, (line, reason) => rejected.push([line, reason]))) {
    rows.push(...block.rows);
  }
  return { rows, rejected };
}

/** Records with the line each starts at, read in pieces of `size` lines as a file would be. */
function records(text: string, size: number) {
  const rejected: number[] = [];
  const reader = createRecordReader((line) => rejected.push(line));
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const found = [];
  for (let at = 0; at < lines.length; at += size) found.push(...reader.feed(at + 1, lines.slice(at, at + size)));
  found.push(...reader.end());
  return { found, rejected };
}

function write(field: string): string {
  return /[",\r\n]/.test(field) || field === '' ? `"${field.replaceAll('"', '""')}"` : field;
}

const field = fc.string({
  unit: fc.constantFrom('a', 'é', '日', ' ', ',', '"', '\n', '\r', '\t', '|', "'", '0'),
  maxLength: 12,
});
const pieces = fc.integer({ min: 1, max: 7 });

describe('csv', () => {
  it('gives back what a CSV writer wrote, each record with the line it starts at', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 20 }),
        pieces,
        (table, size) => {
          const text = table.map((row) => `${row.map(write).join(',')}\n`).join('');
          const { found, rejected } = records(text, size);
          expect(rejected).toEqual([]);
          expect(found.map(({ fields }) => fields)).toEqual(table);
          let line = 1;
          const starts = table.map((row) => {
            const start = line;
            line += row.map(write).join(',').split('\n').length;
            return start;
          });
          expect(found.map((record) => record.line)).toEqual(starts);
        },
      ),
    );
  });

  it('splits lines without quotes exactly as csv-parse does', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', ' ', ',', '\t', '|', "'"), maxLength: 15 });
    fc.assert(
      fc.property(fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 20 }), pieces, (lines, size) => {
        const text = lines.map(([content, ending]) => content + ending).join('');
        const expected = parse(text, {
          record_delimiter: ['\n', '\r\n'],
          relax_column_count: true,
          skip_empty_lines: true,
        });
        expect(records(text, size).found.map(({ fields }) => fields)).toEqual(expected);
      }),
    );
  });

  it('accounts for every line of garbage: none is lost, none throws', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '1'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), pieces, (lines, size) => {
        const { found, rejected } = records(lines.map((one) => `${one}\n`).join(''), size);
        const covered = new Set([...rejected, ...found.map((record) => record.line)]);
        // A line without a record of its own is blank or lies inside a quoted field of the record before it.
        let inside = 0;
        for (const [index, content] of lines.entries()) {
          const record = found.find((one) => one.line === index + 1);
          if (record !== undefined) inside = record.fields.join('').split('\n').length - 1;
          else if (inside > 0) inside--;
          else expect(covered.has(index + 1) || content === '' || content === '\r').toBe(true);
        }
      }),
    );
  });

  it('survives arbitrary bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const { rows, rejected } = await read(Buffer.concat([Buffer.from('a,b\n'), bytes]));
        for (const { values } of rows) expect(values).toHaveLength(3);
        for (const [line] of rejected) expect(line).toBeGreaterThan(1);
      }),
    );
  });

  it('loses one line to a broken quote and reads on behind it', async () => {
    const { rows, rejected } = await read(
      'a,b\n1,"never closed\n2,x\n3,"y, z"\n4,5" nails\n5,"ok"\n6,"bad"x\n7,"q\nr"\n',
    );
    expect(rows.map(({ line, values }) => [line, ...values.slice(0, 2)])).toEqual([
      [3, '2', 'x'],
      [4, '3', 'y, z'],
      [6, '5', 'ok'],
      [8, '7', 'q\nr'],
    ]);
    expect(rejected.map(([line]) => line)).toEqual([2, 5, 7]);
  });

  it('takes a byte order mark, CRLF, columns in any order and case, unknown columns, no last line feed', async () => {
    const { rows, rejected } = await read('\uFEFFz, B ,A\r\n1,2,3\r\n\r\n4,"5\r\n6",7');
    expect(rejected).toEqual([]);
    expect(rows).toEqual([
      { line: 2, values: ['3', '2', undefined] },
      { line: 4, values: ['7', '5\r\n6', undefined] },
    ]);
  });

  it('rejects a row with too few or too many fields and names both numbers', async () => {
    const { rejected } = await read('a,b\n1\n1,2,3\n');
    expect(rejected).toEqual([
      [2, 'has 1 fields where the header names 2'],
      [3, 'has 3 fields where the header names 2'],
    ]);
  });

  it('rejects a record with a NUL, which no text column can hold', async () => {
    const { rows, rejected } = await read('a,b\n1,\0\n"2","\0"\n3,4\n');
    expect(rows.map(({ line }) => line)).toEqual([4]);
    expect(rejected.map(([line]) => line)).toEqual([2, 3]);
  });

  it('names the missing column, and says when there is no header', async () => {
    await expect(read('a,c\n1,2\n')).rejects.toThrow(
      new ImportError(`${path.join(dir, 'table.csv')} has no column b; its header names a, c.`),
    );
    await expect(read('')).rejects.toThrow('is empty');
  });

  it('rejects an endless line and reads on behind it', async () => {
    const { rows, rejected } = await read(`a,b\n1,2\n${'x'.repeat(5_000_000)}\n3,4\n${'y'.repeat(5_000_000)}`);
    expect(rows.map(({ line }) => line)).toEqual([2, 4]);
    expect(rejected).toEqual([
      [3, 'is too long'],
      [5, 'is too long'],
    ]);
  });

  it('reads fields cut apart by the reading of chunks', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i},"é${i}"`);
    const { rows } = await read(`a,b\n${lines.join('\n')}\n`);
    expect(rows).toHaveLength(60_000);
    for (const [index, { line, values }] of rows.entries()) {
      expect([line, values[0], values[1]]).toEqual([index + 2, String(index), `é${index}`]);
    }
  });
});
