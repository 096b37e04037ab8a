import type { Item } from '../../domain/entities.js';
import { type ContentSpace, project } from '../../features/content/vector.js';
import type { KernelPool } from '../../kernels/pool.js';
import { openVocabulary } from '../../registry/vocabulary.js';
import { breathe } from '../breathe.js';
import { type ItemTerms, readItemTerms } from '../examples/itemTerms.js';
import { transpose } from '../examples/transpose.js';
import type { SearchSpace } from '../tuning/space.js';
import { sharedMatrix, truncatedSvd } from './truncatedSvd.js';

export interface ContentParameters {
  /** Of the vectors; 0 for no model. */
  readonly dimensions: number;
  /** Steps of subspace iteration. */
  readonly iterations: number;
  /** The most terms, those of most items first. */
  readonly terms: number;
  /** A direction is divided by this power of its singular value: 0 keeps the large ones large, 1 makes all alike. */
  readonly whitening: number;
  /** After so many people an item's place is told half by them, half by what it says. */
  readonly halfKnown: number;
}

/** Compared on MovieLens latest-small and a sample world: 128 dimensions, and whitening by 0 or 1, are no better on both. */
export const CONTENT_DEFAULTS: ContentParameters = {
  dimensions: 64,
  iterations: 4,
  terms: 20_000,
  whitening: 0.5,
  halfKnown: 3,
};

export const CONTENT_SPACE: SearchSpace<ContentParameters> = {
  dimensions: [32, 64, 128],
  whitening: [0, 0.25, 0.5, 1],
};

/** What items say, in numbers: a space, and each item in it. */
export interface TrainedContent extends ContentSpace {
  /** Items × dimensions: vectors of length 1, or zeros. */
  readonly itemFactors: Float32Array;
}

/** Smaller singular values, as shares of the largest, are not told from zero: see `truncatedSvd`. */
const LEAST_VALUE = 0.01;
/** Items that are projected before giving way. */
const AT_ONCE = 500;

/**
 * Latent semantic analysis (Deerwester et al. 1990): the rows of the catalogue's TF-IDF matrix, scaled to length 1, along
 * its largest right singular vectors. The same seed gives the same bits on any number of threads. Null where no two
 * items share anything that not most of them have.
 */
export async function trainContent(options: {
  readonly catalogue: readonly Item[];
  readonly parameters: ContentParameters;
  readonly seed: number;
  readonly pool: KernelPool;
}): Promise<TrainedContent | null> {
  const { catalogue, parameters, seed, pool } = options;
  if (parameters.dimensions === 0) return null;
  const found = await readItemTerms(catalogue, parameters.terms);
  const { terms, offsets, columns } = found;
  const wanted = Math.min(parameters.dimensions, catalogue.length, terms.length);
  if (wanted === 0) return null;
  const rarity = rarityOf(found);
  const values = scaledRows(found, rarity);
  const projection = await pool.borrow(async (arena) => {
    const byTerm = transpose(offsets, columns, terms.length);
    const turned = Float32Array.from(byTerm.order, (entry) => values[entry] ?? 0);
    const svd = await truncatedSvd(pool, arena, {
      matrix: sharedMatrix(arena, offsets, columns, values),
      transposed: sharedMatrix(arena, byTerm.offsets, byTerm.rows, turned),
      wanted,
      iterations: parameters.iterations,
      seed,
    });
    const { width, values: entries } = svd.vectors;
    const least = LEAST_VALUE * (svd.values[0] ?? 0);
    const scale = svd.values.map((value) => (value > least ? value ** -parameters.whitening : 0));
    const rows = new Float32Array(terms.length * wanted);
    for (let term = 0; term < terms.length; term++) {
      for (let k = 0; k < wanted; k++) {
        rows[term * wanted + k] = (entries[term * width + k] ?? 0) * (scale[k] ?? 0) * (rarity[term] ?? 0);
      }
    }
    return rows;
  });
  const space = { dimensions: wanted, vocabulary: openVocabulary(terms), projection };
  return { ...space, itemFactors: await vectorsOf(found, space) };
}

/** Inverse document frequency: ln(items / items that have the term), at least a little. */
function rarityOf({ terms, offsets, columns }: ItemTerms): Float64Array {
  const uses = new Float64Array(terms.length);
  for (const term of columns) uses[term] = (uses[term] ?? 0) + 1;
  return uses.map((count) => Math.log(1 + (offsets.length - 1) / count));
}

/** TF-IDF, each row of length 1. */
function scaledRows({ offsets, columns, weights }: ItemTerms, rarity: Float64Array): Float32Array {
  const values = new Float32Array(weights.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    let square = 0;
    const end = offsets[row + 1] ?? 0;
    for (let at = offsets[row] ?? 0; at < end; at++) {
      const value = (weights[at] ?? 0) * (rarity[columns[at] ?? 0] ?? 0);
      values[at] = value;
      square += value * value;
    }
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let at = offsets[row] ?? 0; at < end; at++) values[at] = scale * (values[at] ?? 0);
  }
  return values;
}

/** By the code that serves. */
async function vectorsOf({ offsets, columns, weights }: ItemTerms, space: ContentSpace): Promise<Float32Array> {
  const items = offsets.length - 1;
  const vectors = new Float32Array(items * space.dimensions);
  for (let item = 0; item < items; item++) {
    if (item % AT_ONCE === 0) await breathe();
    const [from, to] = [offsets[item], offsets[item + 1]];
    vectors.set(project(space, columns.subarray(from, to), weights.subarray(from, to)), item * space.dimensions);
  }
  return vectors;
}
