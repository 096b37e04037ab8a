import type { FactorReader, Factors } from '../features/feature.js';
import type { Searchable } from './indexes.js';

/** Reads factors through the indexes over them. */
export function createFactorReader(indexOf: (model: Factors) => Searchable): FactorReader {
  const known = new WeakMap<Factors, Float32Array>();
  return {
    multiply: (model, vector, items, out) => indexOf(model).dots(vector, items, out),
    lengthsOf(model) {
      const lengths = known.get(model) ?? measure(model);
      known.set(model, lengths);
      return lengths;
    },
  };
}

function measure({ dimensions: d, itemFactors }: Factors): Float32Array {
  const lengths = new Float32Array(itemFactors.length / d);
  for (let item = 0; item < lengths.length; item++) {
    let square = 0;
    for (let at = item * d; at < (item + 1) * d; at++) square += (itemFactors[at] ?? 0) ** 2;
    lengths[item] = Math.sqrt(square);
  }
  return lengths;
}
