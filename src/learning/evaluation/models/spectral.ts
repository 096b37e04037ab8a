import { projectSpectral } from '../../../features/spectral.js';
import { createScan } from '../../../kernels/scan.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import { byInnerProduct } from './byInnerProduct.js';
import type { SingleModel } from './model.js';

/** The spectral filter alone: the person's projection against every item. Null for a version without one. */
export function spectral({
  spectral: model,
  popularOrder,
}: Pick<Snapshot, 'spectral' | 'popularOrder'>): SingleModel | null {
  if (model === null) return null;
  const rank = byInnerProduct(createScan(model.itemFactors, model.dimensions, { bytes: false }), popularOrder);
  return {
    name: 'spectral',
    rank: ({ history, seen }, depth) => ({
      items: rank(projectSpectral(model, history), seen, depth),
      probabilities: null,
    }),
  };
}
