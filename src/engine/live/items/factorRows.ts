import { grownFloat32 } from '../../../registry/room.js';
import type { Factors } from '../../../registry/snapshot.js';

/** The factors of a model that grows. */
export interface GrowingFactors {
  put(row: number, vector: Float32Array): void;
  /** As they are now, `size` rows; those that were never put are zero. */
  rows(size: number): Float32Array;
}

export function growFactors({ dimensions: d, itemFactors }: Factors, owner: object): GrowingFactors {
  let factors = grownFloat32(itemFactors, itemFactors.length, owner);
  const atLeast = (size: number) => {
    if (size * d > factors.length) factors = grownFloat32(factors, size * d, owner);
  };
  return {
    put(row, vector) {
      atLeast(row + 1);
      factors.set(vector, row * d);
    },
    rows(size) {
      atLeast(size);
      return factors.subarray(0, size * d);
    },
  };
}
