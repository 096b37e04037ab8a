import type { Found } from '../domain/candidates.js';
import type { Neighbours } from '../store/ports/vectorIndex.js';

/** The first `quota` of a search that may be shown; they come best first. */
export function firstAdmitted(
  { indices, scores }: Neighbours,
  quota: number,
  admits: (item: number) => boolean,
): Found {
  const places: number[] = [];
  for (let at = 0; at < indices.length && places.length < quota; at++) if (admits(indices[at] ?? 0)) places.push(at);
  return {
    items: Int32Array.from(places, (at) => indices[at] ?? 0),
    scores: Float32Array.from(places, (at) => scores[at] ?? 0),
  };
}
