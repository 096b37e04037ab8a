import type { Found } from '../domain/candidates.js';
import type { Neighbours } from '../store/ports/vectorIndex.js';
import type { FindRequest } from './finder.js';
import type { Searchable } from './indexes.js';

/** The `quota` items that may be shown whose inner product with `vector` is largest, best first. */
export function nearestAdmitted(
  { masked }: FindRequest,
  index: Searchable,
  vector: Float32Array,
  quota: number,
): Found | Promise<Found> {
  const nearest = index.search(vector, quota, masked);
  return nearest instanceof Promise ? nearest.then(asFound) : asFound(nearest);
}

function asFound({ indices, scores }: Neighbours): Found {
  return { items: indices, scores };
}
