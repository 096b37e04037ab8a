import type { FactorReader, Factors } from '../features/feature.js';
import type { ItemTable } from '../registry/snapshot.js';
import { createFactorReader } from './factorReader.js';
import { type CreateIndex, indexPerModel, type Searchable } from './indexes.js';
import { type Postings, postingsPerTable } from './postings.js';
import type { CreateGrowingIndex } from './shelvedIndex.js';

/** What is built once per snapshot and shared by all recipes. */
export interface Lookups {
  indexOf(model: Factors): Searchable;
  postingsOf(items: ItemTable): Postings;
  readonly factors: FactorReader;
}

/** `createGrowingIndex` is for editions of a version; who ranks by versions alone needs none. */
export function createLookups(createIndex: CreateIndex, createGrowingIndex = noShelf): Lookups {
  const indexOf = indexPerModel(createIndex, createGrowingIndex);
  return { indexOf, postingsOf: postingsPerTable(), factors: createFactorReader(indexOf) };
}

const noShelf: CreateGrowingIndex = () => {
  throw new Error('an edition of a model version is ranked by, and no index was given for the rows of its shelf');
};
