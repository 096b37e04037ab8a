import type { VectorIndex } from '../../store/ports/vectorIndex.js';
import type { Embedding } from '../lookup/indexes.js';
import { nearestAdmitted } from '../lookup/nearest.js';
import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

const QUOTA = 200;

/** Items that the spectral filter of the interactions brings out: the projected vector times the item factors. */
export function spectral(indexOf: (model: Embedding) => VectorIndex): Source<RankingQuery> {
  return {
    name: 'spectral',
    quota: QUOTA,
    deadlineMs: 100,
    enabled: ({ person }) => person.taste.spectralVector !== null,
    fetch(query) {
      const { snapshot, person } = query;
      if (snapshot.spectral === null || person.taste.spectralVector === null) {
        throw new Error('there is no spectral vector to search with');
      }
      return nearestAdmitted(query, indexOf(snapshot.spectral), person.taste.spectralVector, QUOTA);
    },
  };
}
