import { buildTaste } from '../../../features/taste.js';
import { createScan } from '../../../kernels/scan.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import { byInnerProduct } from './byInnerProduct.js';
import type { SingleModel } from './model.js';

/** What items say of themselves, alone: every item by its likeness to what the person liked. A stranger gets what is popular. */
export function content(snapshot: Snapshot): SingleModel | null {
  const { content: model, popularOrder } = snapshot;
  if (model === null) return null;
  const rank = byInnerProduct(createScan(model.itemFactors, model.dimensions, { bytes: false }), popularOrder);
  return {
    name: 'content',
    rank: ({ history, seen }, depth) => ({
      items: rank(buildTaste(history, snapshot, []).contentVector, seen, depth),
      probabilities: null,
    }),
  };
}
