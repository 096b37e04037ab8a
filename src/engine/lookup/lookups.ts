import type { ItemTable, Snapshot } from '../../registry/snapshot.js';
import type { VectorIndex } from '../../store/ports/vectorIndex.js';
import { type CreateIndex, indexPerSnapshot } from './indexes.js';
import { type Postings, postingsPerTable } from './postings.js';

/** What is built once per snapshot and shared by all recipes. */
export interface Lookups {
  indexOf(snapshot: Snapshot): VectorIndex;
  postingsOf(items: ItemTable): Postings;
}

export function createLookups(createIndex: CreateIndex): Lookups {
  return { indexOf: indexPerSnapshot(createIndex), postingsOf: postingsPerTable() };
}
