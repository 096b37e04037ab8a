import type { Found } from '../domain/candidates.js';
import type { FactorReader } from '../features/feature.js';
import type { ItemScores } from '../features/itemScores.js';
import type { SpectralModel } from '../registry/snapshot.js';
import { bestOf, keepBest } from './best.js';
import { relativeToBest } from './relative.js';

/** So many of the items that walks reach are scored by the low-pass. */
const PROPOSED = 300;

/**
 * A filter of the interactions in two parts, added as GF-CF adds them (Shen et al. 2021): the linear one, which is a sum of
 * rows of the item graph, and the low-pass, the projected vector times the item factors. What the first proposes the second
 * orders: to search all factors costs more than the rest of a request, and finds nothing else (see docs/quality.md).
 */
export function filterItems(
  parts: {
    readonly linear: ItemScores;
    readonly model: SpectralModel;
    readonly vector: Float32Array;
    readonly factors: Pick<FactorReader, 'multiply'>;
    readonly masked: Uint8Array;
  },
  quota: number,
): Found {
  const { linear, model, vector, factors, masked } = parts;
  const { items, scores } = bestOf(linear, masked, PROPOSED);
  const lowPass = new Float32Array(items.length);
  factors.multiply(model, vector, items, lowPass);
  relativeToBest(scores);
  relativeToBest(lowPass);
  const best = keepBest(quota);
  for (let at = 0; at < items.length; at++) best.offer(items[at] ?? 0, (scores[at] ?? 0) + (lowPass[at] ?? 0));
  return best.take();
}
