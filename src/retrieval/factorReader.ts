import type { FactorReader } from '../features/feature.js';
import type { Factors, Growth } from '../registry/snapshot.js';
import type { Searchable } from './indexes.js';

/** Reads factors through the indexes over them. */
export function createFactorReader(indexOf: (model: Factors) => Searchable): FactorReader {
  const known = new WeakMap<Factors, Float32Array>();
  const lengthsOf = (model: Factors): Float32Array => {
    const lengths = known.get(model) ?? (model.growth === undefined ? measure(model) : remeasure(model, model.growth));
    known.set(model, lengths);
    return lengths;
  };
  /** Only what is not as it was. */
  const remeasure = (model: Factors, { base, rows }: Growth<Factors>): Float32Array => {
    const lengths = new Float32Array(model.itemFactors.length / model.dimensions);
    lengths.set(lengthsOf(base));
    for (const row of rows) lengths[row] = lengthOf(model, row);
    return lengths;
  };
  return {
    multiply: (model, vector, items, out) => indexOf(model).dots(vector, items, out),
    lengthsOf,
  };
}

function measure(model: Factors): Float32Array {
  const lengths = new Float32Array(model.itemFactors.length / model.dimensions);
  for (let item = 0; item < lengths.length; item++) lengths[item] = lengthOf(model, item);
  return lengths;
}

function lengthOf({ dimensions: d, itemFactors }: Factors, item: number): number {
  let square = 0;
  for (let at = item * d; at < (item + 1) * d; at++) square += (itemFactors[at] ?? 0) ** 2;
  return Math.sqrt(square);
}
