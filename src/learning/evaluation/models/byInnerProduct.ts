import type { Scan } from '../../../kernels/scan.js';
import { fillUp } from './popularity.js';

/** Ranks the unseen items by their inner product with a vector; without a vector, and where items run out, by popularity. */
export function byInnerProduct(
  scan: Scan,
  popularOrder: Int32Array,
): (vector: Float32Array | null, seen: ReadonlySet<number>, depth: number) => Int32Array {
  return (vector, seen, depth) => {
    const nearest = vector === null ? [] : scan.topK(vector, depth + seen.size).indices;
    const unseen = Array.from(nearest).filter((item) => !seen.has(item));
    return fillUp(unseen, popularOrder, seen, depth);
  };
}
