import type { Source } from '../pipeline/stages.js';
import type { SimilarQuery } from '../query.js';

const QUOTA = 150;

/** Items that the same people took to, by the neighbour lists of the snapshot. */
export const coVisited: Source<SimilarQuery> = {
  name: 'coVisited',
  quota: QUOTA,
  deadlineMs: 100,
  enabled: () => true,
  fetch({ snapshot, item, admits }) {
    const { offsets, indices, values } = snapshot.neighbours;
    const places: number[] = [];
    for (let at = offsets[item] ?? 0; at < (offsets[item + 1] ?? 0) && places.length < QUOTA; at++) {
      if (admits(indices[at] ?? 0)) places.push(at);
    }
    return {
      items: Int32Array.from(places, (at) => indices[at] ?? 0),
      scores: Float32Array.from(places, (at) => values[at] ?? 0),
    };
  },
};
