import type { FactorReader, Factors } from '../features/feature.js';
import type { Searchable } from './indexes.js';

/** Reads factors through the indexes over them. */
export function createFactorReader(indexOf: (model: Factors) => Searchable): FactorReader {
  const known = new WeakMap<Factors, Float32Array>();
  const lengthsOf = (model: Factors): Float32Array => {
    const lengths = known.get(model) ?? measure(model, model.shelf && lengthsOf(model.shelf.base));
    known.set(model, lengths);
    return lengths;
  };
  return { multiply: (model, vector, items, out) => indexOf(model).dots(vector, items, out), lengthsOf };
}

/** `measured` are those of the first rows. */
function measure({ dimensions: d, itemFactors }: Factors, measured: Float32Array = new Float32Array(0)): Float32Array {
  const lengths = new Float32Array(itemFactors.length / d);
  lengths.set(measured);
  for (let item = measured.length; item < lengths.length; item++) {
    let square = 0;
    for (let at = item * d; at < (item + 1) * d; at++) square += (itemFactors[at] ?? 0) ** 2;
    lengths[item] = Math.sqrt(square);
  }
  return lengths;
}
