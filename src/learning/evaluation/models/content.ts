import { likingInContent } from '../../../features/taste.js';
import { createScan } from '../../../kernels/scan.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import { byInnerProduct } from './byInnerProduct.js';
import type { SingleModel } from './model.js';

/** What items say of themselves, alone: every item by its likeness to what the person liked. A stranger gets what is popular. */
export function content({ content: model, popularOrder }: ContentParts): SingleModel | null {
  if (model === null) return null;
  const rank = byInnerProduct(createScan(model.itemFactors, model.dimensions, { bytes: false }), popularOrder);
  return {
    name: 'content',
    rank: ({ history, seen }, depth) => ({
      items: rank(likingInContent(model, history), seen, depth),
      probabilities: null,
    }),
  };
}

interface ContentParts extends Pick<Snapshot, 'popularOrder'> {
  readonly content: Pick<NonNullable<Snapshot['content']>, 'dimensions' | 'itemFactors'> | null;
}
