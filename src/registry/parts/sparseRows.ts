import type { ArtefactValue } from '../artefacts.js';
import { RegistryError } from '../errors.js';
import type { SparseRows } from '../snapshot.js';

/** The three files of a sparse matrix. */
export function fromRows(name: string, { offsets, indices, values }: SparseRows): [string, ArtefactValue][] {
  return [
    [`${name}-offsets`, { type: 'int32', value: offsets }],
    [`${name}-indices`, { type: 'int32', value: indices }],
    [`${name}-values`, { type: 'float32', value: values }],
  ];
}

/** @throws RegistryError naming the matrix whose files do not fit each other, or not the number of rows. */
export function checkRows(name: string, { offsets, indices, values }: SparseRows, rows: number): void {
  checkLength(`${name}-offsets`, offsets.length, rows + 1);
  checkLength(`${name}-indices`, indices.length, offsets[rows] ?? 0);
  checkLength(`${name}-values`, values.length, offsets[rows] ?? 0);
}

/** @throws RegistryError naming the artefact of another length. */
export function checkLength(name: string, found: number, wanted: number): void {
  if (found !== wanted) throw new RegistryError(`${name} has ${found} numbers where ${wanted} belong`);
}
