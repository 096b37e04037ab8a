import type { Factors } from '../features/feature.js';
import type { VectorIndex } from '../store/ports/vectorIndex.js';
import { type CreateGrowingIndex, shelvedIndex, tailPerShelf } from './shelvedIndex.js';

/** As much of a vector index as finding needs. */
export type Searchable = Pick<VectorIndex, 'size' | 'search' | 'dots'>;

/** Makes an index over the rows of a matrix, `vectors.length / dimensions` of them; from `file` where one was made before. */
export type CreateIndex = (vectors: Float32Array, dimensions: number, file?: string) => Searchable;

/**
 * The index over the item factors of a model, made at first use and kept as long as the model. It is not disposed of by
 * hand: a request may still be using it when the next version is swapped in, so it goes when the snapshot does. Editions
 * of a version share its index.
 */
export function indexPerModel(
  createIndex: CreateIndex,
  createGrowingIndex: CreateGrowingIndex,
): (model: Factors) => Searchable {
  const indexes = new WeakMap<Factors, Searchable>();
  const tailOf = tailPerShelf(createGrowingIndex);
  const make = (model: Factors): Searchable => {
    const { shelf } = model;
    if (shelf === undefined) return createIndex(model.itemFactors, model.dimensions, model.indexFile);
    return shelvedIndex(model, shelf, indexOf(shelf.base), tailOf(model, shelf));
  };
  const indexOf = (model: Factors): Searchable => {
    const known = indexes.get(model);
    if (known !== undefined) return known;
    const index = make(model);
    indexes.set(model, index);
    return index;
  };
  return indexOf;
}
