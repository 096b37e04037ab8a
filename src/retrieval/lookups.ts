import type { ItemTable } from '../registry/snapshot.js';
import { type CreateIndex, type Embedding, indexPerModel, type Searchable } from './indexes.js';
import { type Postings, postingsPerTable } from './postings.js';

/** What is built once per snapshot and shared by all recipes. */
export interface Lookups {
  indexOf(model: Embedding): Searchable;
  postingsOf(items: ItemTable): Postings;
}

export function createLookups(createIndex: CreateIndex): Lookups {
  return { indexOf: indexPerModel(createIndex), postingsOf: postingsPerTable() };
}
