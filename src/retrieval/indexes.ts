import type { Factors } from '../registry/snapshot.js';
import type { VectorIndex } from '../store/ports/vectorIndex.js';
import { createTail, type Tail } from './tail.js';
import { withTail } from './withTail.js';

/** As much of a vector index as finding needs. */
export type Searchable = Pick<VectorIndex, 'size' | 'search' | 'dots'>;

export type GrowingIndex = Searchable & Pick<VectorIndex, 'append'>;

/** Makes an index over the rows of a matrix, `vectors.length / dimensions` of them. */
export type CreateIndex = (vectors: Float32Array, dimensions: number) => GrowingIndex;

/**
 * The index over the item factors of a model, made at first use and kept as long as the model. It is not disposed of by
 * hand: a request may still be using it when the next version is swapped in, so it goes when the snapshot does. A model
 * that grew shares the index of what it grew from; rows that are not as they were there have one of their own.
 */
export function indexPerModel(createIndex: CreateIndex): (model: Factors) => Searchable {
  const indexes = new WeakMap<Factors, Searchable>();
  const tails = new WeakMap<Factors, Tail>();
  const tailOf = (base: Factors, size: number): Tail => {
    const known = tails.get(base) ?? createTail(createIndex, size);
    tails.set(base, known);
    return known;
  };
  const make = (model: Factors): Searchable => {
    const { itemFactors, dimensions, growth } = model;
    if (growth === undefined) return createIndex(itemFactors, dimensions);
    const first = indexOf(growth.base);
    const tail = tailOf(growth.base, first.size);
    tail.follow(model, growth.changes);
    return withTail(first, tail, itemFactors.length / dimensions);
  };
  const indexOf = (model: Factors): Searchable => {
    const index = indexes.get(model) ?? make(model);
    indexes.set(model, index);
    return index;
  };
  return indexOf;
}
