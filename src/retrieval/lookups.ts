import type { FactorReader, Factors } from '../features/feature.js';
import type { ItemTable } from '../registry/snapshot.js';
import { createFactorReader } from './factorReader.js';
import { type CreateIndex, indexPerModel, type Searchable } from './indexes.js';
import { type Postings, postingsPerTable } from './postings.js';

/** What is built once per snapshot and shared by all recipes. */
export interface Lookups {
  indexOf(model: Factors): Searchable;
  postingsOf(items: ItemTable): Postings;
  readonly factors: FactorReader;
}

export function createLookups(createIndex: CreateIndex): Lookups {
  const indexOf = indexPerModel(createIndex);
  return { indexOf, postingsOf: postingsPerTable(), factors: createFactorReader(indexOf) };
}
