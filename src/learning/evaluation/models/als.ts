import { foldIn } from '../../../features/foldIn.js';
import { createScan } from '../../../kernels/scan.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import type { RankingModel } from './model.js';
import { fillUp } from './popularity.js';

/** Implicit ALS alone: the person's folded-in vector against every item. A stranger gets what is popular. */
export function als({ collaborative, popularOrder }: Snapshot): RankingModel {
  const scan = createScan(collaborative.itemFactors, collaborative.dimensions);
  return {
    name: 'ALS',
    rank({ profile, seen }, depth) {
      const vector = foldIn(collaborative, profile);
      const nearest = vector === null ? [] : scan.topK(vector, depth + seen.size).indices;
      const unseen = Array.from(nearest).filter((item) => !seen.has(item));
      return { items: fillUp(unseen, popularOrder, seen, depth), probabilities: null };
    },
  };
}
