import type { Found } from '../domain/candidates.js';
import { firstAdmitted } from './admitted.js';
import type { FindRequest } from './finder.js';
import type { Searchable } from './indexes.js';

/** The `quota` items that may be shown whose inner product with `vector` is largest, best first. */
export function nearestAdmitted(
  { admits, depthFor }: FindRequest,
  index: Searchable,
  vector: Float32Array,
  quota: number,
): Found | Promise<Found> {
  const nearest = index.search(vector, Math.min(depthFor(quota), index.size));
  return nearest instanceof Promise
    ? nearest.then((found) => firstAdmitted(found, quota, admits))
    : firstAdmitted(nearest, quota, admits);
}
