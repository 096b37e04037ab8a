import type { FactorReader } from '../features/feature.js';
import type { Factors, ItemTable } from '../registry/snapshot.js';
import { createFactorReader } from './factorReader.js';
import { type CreateIndex, indexPerModel, type Searchable } from './indexes.js';
import { newestPerTable } from './newest.js';
import { type Postings, postingsPerTable } from './postings.js';

/** What is built once per snapshot and shared by all recipes. */
export interface Lookups {
  indexOf(model: Factors): Searchable;
  postingsOf(items: ItemTable): Postings;
  readonly factors: FactorReader;
  /** The newest items, newest first: those that came since the version was made, then the others by their date. */
  newestOf(items: ItemTable): Int32Array;
}

export function createLookups(createIndex: CreateIndex): Lookups {
  const indexOf = indexPerModel(createIndex);
  return { indexOf, postingsOf: postingsPerTable(), factors: createFactorReader(indexOf), newestOf: newestPerTable() };
}
