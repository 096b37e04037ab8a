import type { FactorReader } from '../../features/feature.js';
import { computeFeatures, FEATURES } from '../../features/index.js';
import type { Hydrator } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

/** The ranker's columns, by the same code that training reads them with. */
export function features(factors: FactorReader): Hydrator<RankingQuery> {
  return {
    name: 'features',
    hydrate({ snapshot, person, setting, counts, now }, candidates) {
      const request = { taste: person.taste, catalogue: snapshot, setting, counts, now, factors };
      const columns = computeFeatures(request, candidates);
      return {
        items: candidates.items,
        columns: new Map(FEATURES.map(({ name }, at) => [name, columns[at] ?? new Float32Array(0)])),
      };
    },
  };
}
