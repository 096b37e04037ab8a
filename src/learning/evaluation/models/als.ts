import { foldIn } from '../../../features/foldIn.js';
import { createScan } from '../../../kernels/scan.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import { byInnerProduct } from './byInnerProduct.js';
import type { SingleModel } from './model.js';

/** Implicit ALS alone: the person's folded-in vector against every item. A stranger gets what is popular. */
export function als({ collaborative, popularOrder }: Pick<Snapshot, 'collaborative' | 'popularOrder'>): SingleModel {
  const rank = byInnerProduct(
    createScan(collaborative.itemFactors, collaborative.dimensions, { bytes: false }),
    popularOrder,
  );
  return {
    name: 'ALS',
    rank: ({ history, seen }, depth) => ({
      items: rank(foldIn(collaborative, history), seen, depth),
      probabilities: null,
    }),
  };
}
