import type { ContentModel } from '../../registry/snapshot.js';
import { type Described, termsOf, termsOfText } from './terms.js';

/** What turns terms into a vector. */
export type ContentSpace = Pick<ContentModel, 'dimensions' | 'vocabulary' | 'projection'>;

/** Where an item stands by what it says of itself: a vector of length 1, or zeros when it says nothing known. */
export function itemVector(space: ContentSpace, item: Described): Float32Array {
  return vectorOf(space, termsOf(item));
}

/** Where a text stands among the items. */
export function textVector(space: ContentSpace, text: string): Float32Array {
  return vectorOf(space, termsOfText(text));
}

/** Unknown terms say nothing. */
function vectorOf(space: ContentSpace, terms: ReadonlyMap<string, number>): Float32Array {
  const rows: number[] = [];
  const weights: number[] = [];
  for (const [term, weight] of terms) {
    const row = space.vocabulary.indexOf(term);
    if (row < 0) continue;
    rows.push(row);
    weights.push(Math.fround(weight));
  }
  return project(space, rows, weights);
}

/** Σ weight × row of the projection, scaled to length 1; zeros where there is nothing to sum. */
export function project(
  { dimensions: d, projection }: Pick<ContentSpace, 'dimensions' | 'projection'>,
  rows: ArrayLike<number>,
  weights: ArrayLike<number>,
): Float32Array {
  const sum = new Float64Array(d);
  for (let at = 0; at < rows.length; at++) {
    const from = (rows[at] ?? 0) * d;
    const weight = weights[at] ?? 0;
    for (let k = 0; k < d; k++) sum[k] = (sum[k] ?? 0) + weight * (projection[from + k] ?? 0);
  }
  const length = Math.sqrt(sum.reduce((square, value) => square + value * value, 0));
  return Float32Array.from(sum, (value) => (length > 0 ? value / length : 0));
}
