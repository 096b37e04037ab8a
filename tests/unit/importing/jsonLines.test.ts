import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines } from '../../../src/importing/jsonLines.js';
import type { Row } from '../../../src/importing/table.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'curio-jsonl-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function read(content: string | Buffer) {
  const file = path.join(dir, 'table.jsonl');
  await writeFile(file, content);
  const rows: Row[] = [];
  const rejected: [number, string][] = [];
  const columns = { required: ['a'], optional: ['b'] };
  for await (const block of jsonLines.read(file, columns, (line, reason) => rejected.push([line, reason]))) {
    rows.push(...block.rows);
  }
  return { rows, rejected };
}

describe('jsonl', () => {
  it('gives back what JSON.stringify wrote', async () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ a: value, b: value, z: fc.string() }), { maxLength: 10 }),
        async (objects) => {
          const { rows, rejected } = await read(objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
          const storable = (object: unknown) => !JSON.stringify(object).includes('\\u0000');
          expect(rows.map(({ values }) => values)).toEqual(
            objects.filter(({ a, b }) => storable([a, b])).map(({ a, b }) => [a, b]),
          );
          expect(rows.length + rejected.length).toBe(objects.length);
        },
      ),
    );
  });

  it('rejects by line what is no object, what lacks a member, and what cannot be stored', async () => {
    const deep = `{"a":${'['.repeat(100)}${']'.repeat(100)}}`;
    const lines = [
      '{"a":1',
      '[1]',
      'null',
      '{"b":2}',
      '',
      '{"a":"x\\u0000"}',
      '{"a":"\\ud800"}',
      deep,
      '{"a":1,"b":null}',
    ];
    const { rows, rejected } = await read(`${lines.join('\r\n')}\n`);
    expect(rejected).toEqual([
      [1, 'is not valid JSON'],
      [2, 'is not a JSON object'],
      [3, 'is not a JSON object'],
      [4, 'has no a'],
      [6, 'a has a character or a depth that cannot be stored'],
      [7, 'a has a character or a depth that cannot be stored'],
      [8, 'a has a character or a depth that cannot be stored'],
    ]);
    expect(rows).toEqual([{ line: 9, values: [1, undefined] }]);
  });

  it('survives arbitrary bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        for (const { values } of (await read(Buffer.from(bytes))).rows) expect(values).toHaveLength(2);
      }),
    );
  });
});
