import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createBatcher } from './batcher.js';
import { RowError } from './fields.js';
import type { Columns, RowBlock, TableFormat } from './table.js';
import type { ImportDeps } from './types.js';
import { type FileCounts, ImportError } from './types.js';

export interface FileImport<T> {
  readonly file: string;
  readonly format: TableFormat;
  readonly columns: Columns;
  /** One row, in the order of `columns`. @throws RowError why the row is left out. */
  readonly toRow: (values: readonly unknown[]) => T;
  /** Writes rows and answers how many were new. */
  readonly write: (batch: readonly T[]) => Promise<number>;
  readonly batchSize: number;
  readonly inFlight: number;
}

/** Reads one file and writes it in batches. Broken rows are reported and left out. */
export async function importFile<T>(
  { onReject, onProgress }: Pick<ImportDeps, 'onReject' | 'onProgress'>,
  { file, format, columns, toRow, write, batchSize, inFlight }: FileImport<T>,
): Promise<FileCounts> {
  const name = path.basename(file);
  const { size } = await stat(file);
  let rows = 0;
  let created = 0;
  let rejected = 0;
  const reject = (line: number, reason: string) => {
    rejected++;
    onReject(name, line, reason);
  };
  const batcher = createBatcher<T>({
    size: batchSize,
    inFlight,
    write: async (batch) => {
      // Not `created += await …`: batches overlap, and that would read the sum before the wait.
      const added = await write(batch);
      created += added;
    },
  });
  for await (const block of format.read(file, columns, reject)) {
    const good = convert(block, toRow, reject);
    rows += good.length;
    await batcher.add(good);
    onProgress({ stage: name, done: rows + rejected, unit: 'rows', fraction: size === 0 ? 1 : block.bytesRead / size });
  }
  await batcher.end();
  return { file: name, rows: rows + rejected, created, existing: rows - created, rejected };
}

function convert<T>(
  block: RowBlock,
  toRow: (values: readonly unknown[]) => T,
  reject: (line: number, reason: string) => void,
): T[] {
  const good: T[] = [];
  for (const { line, values } of block.rows) {
    try {
      good.push(toRow(values));
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      reject(line, error.message);
    }
  }
  return good;
}

/** The file's path; null when it is not there. */
export async function optionalFile(dir: string, name: string): Promise<string | null> {
  const file = path.join(dir, name);
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? file : null;
}

export async function requiredFile(dir: string, name: string): Promise<string> {
  const file = await optionalFile(dir, name);
  if (file === null) throw new ImportError(`${dir} has no file ${name}.`);
  return file;
}
