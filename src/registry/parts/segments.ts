import { z } from 'zod';
import type { ArtefactValue } from '../artefacts.js';
import { RegistryError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import type { SegmentModel, SparseRows } from '../snapshot.js';
import { checkLength, checkRows, fromRows } from './sparseRows.js';

const NAMES = 'segments';
const CATEGORY = 'segment-category';
const ITEM = 'segment-item';

const namesSchema = z.object({ kinds: z.array(z.string()), values: z.array(z.string()) });

/** Adds the look-up of segments. @throws RangeError when a pair stands twice. */
export function openSegments(columns: Omit<SegmentModel, 'rowOf'>): SegmentModel {
  const rows = new Map<string, Map<string, number>>();
  for (const [row, kind] of columns.kinds.entries()) {
    const own = rows.get(kind) ?? new Map<string, number>();
    const value = columns.values[row] ?? '';
    if (own.has(value)) throw new RangeError(`the segment ${kind} "${value}" stands twice`);
    rows.set(kind, own.set(value, row));
  }
  return { ...columns, rowOf: (kind, value) => rows.get(kind)?.get(value) ?? -1 };
}

export function segmentArtefacts(model: SegmentModel | null): [string, ArtefactValue][] {
  if (model === null) return [];
  const names = JSON.stringify({ kinds: model.kinds, values: model.values });
  return [
    [NAMES, { type: 'json', value: new TextEncoder().encode(names) }],
    ...fromRows(CATEGORY, model.categories),
    ...fromRows(ITEM, model.items),
  ];
}

export function hasSegments({ artefacts }: Manifest): boolean {
  return artefacts[NAMES] !== undefined;
}

export async function readSegments(read: {
  json(name: string): Promise<Uint8Array>;
  rows(name: string): Promise<SparseRows>;
}): Promise<SegmentModel> {
  const names = parseNames(await read.json(NAMES));
  return openSegments({ ...names, categories: await read.rows(CATEGORY), items: await read.rows(ITEM) });
}

function parseNames(bytes: Uint8Array): z.infer<typeof namesSchema> {
  try {
    return namesSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new RegistryError(`${NAMES}.json does not hold the names of the segments`, { cause });
  }
}

/** @throws RegistryError naming the artefact that does not fit the others. */
export function checkSegments({ kinds, values, categories, items }: SegmentModel): void {
  checkLength(NAMES, values.length, kinds.length);
  checkRows(CATEGORY, categories, kinds.length);
  checkRows(ITEM, items, kinds.length);
}
