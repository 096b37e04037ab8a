import { stat } from 'node:fs/promises';
import { csvTable } from './csvTable.js';
import { importFlat } from './flat.js';
import { importGorse } from './gorse.js';
import { jsonLines } from './jsonLines.js';
import { importMovieLens } from './movielens.js';
import { type FileCounts, type ImportDeps, ImportError, type ImportFormat } from './types.js';

const IMPORTERS: Readonly<Record<ImportFormat, (deps: ImportDeps, dir: string) => Promise<FileCounts[]>>> = {
  movielens: importMovieLens,
  csv: (deps, dir) => importFlat(deps, dir, csvTable),
  jsonl: (deps, dir) => importFlat(deps, dir, jsonLines),
  gorse: importGorse,
};

/**
 * Imports a folder. Streams, keeps going past broken rows, and changes nothing when run a second time.
 * @throws ImportError when the folder, a required file or a required column is missing.
 */
export async function importFolder(deps: ImportDeps, format: ImportFormat, dir: string): Promise<FileCounts[]> {
  const found = await stat(dir).catch(() => null);
  if (found === null) throw new ImportError(`There is no folder ${dir}.`);
  if (!found.isDirectory()) throw new ImportError(`${dir} is a file; name the folder it is in.`);
  return IMPORTERS[format](deps, dir);
}
