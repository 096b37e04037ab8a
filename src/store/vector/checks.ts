import type { Neighbours } from '../ports/vectorIndex.js';

export const EMPTY: Neighbours = { indices: new Int32Array(0), scores: new Float32Array(0) };

/**
 * @returns how many rows there are
 * @throws RangeError when `vectors` are no whole rows of finite numbers
 */
export function checkMatrix(vectors: Float32Array, dimensions: number): number {
  if (!Number.isSafeInteger(dimensions) || dimensions < 1) {
    throw new RangeError(`dimensions must be a whole number of at least 1, got ${dimensions}`);
  }
  const rows = vectors.length / dimensions;
  if (!Number.isInteger(rows)) {
    throw new RangeError(`${vectors.length} numbers are no whole rows of ${dimensions}`);
  }
  // The sum of finite floats cannot overflow a double, so one look at it tells.
  let sum = 0;
  for (let i = 0; i < vectors.length; i++) sum += vectors[i] ?? 0;
  if (!Number.isFinite(sum)) {
    const at = vectors.findIndex((value) => !Number.isFinite(value));
    throw new RangeError(`row ${Math.floor(at / dimensions)} holds ${vectors[at]} at place ${at % dimensions}`);
  }
  return rows;
}

/** @throws RangeError */
export function checkQuery(query: Float32Array, dimensions: number): void {
  if (query.length !== dimensions) {
    throw new RangeError(`the query has ${query.length} dimensions, the index has ${dimensions}`);
  }
  const at = query.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new RangeError(`the query holds ${query[at]} at place ${at}`);
}

/** @throws RangeError */
export function checkWanted(k: number): void {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k must be a whole number of at least 0, got ${k}`);
}
