import { sumRows } from '../../../features/itemScores.js';
import { projectSpectral } from '../../../features/spectral.js';
import { GRAPH_FADING, newestLiked } from '../../../features/taste.js';
import { createScan } from '../../../kernels/scan.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import { filterItems } from '../../../retrieval/filter.js';
import type { SingleModel } from './model.js';
import { fillUp } from './popularity.js';

/** Both parts of the filter, from everything the person did. Null for a version that lacks one. */
export function filter({
  graph,
  spectral: model,
  popularOrder,
}: Pick<Snapshot, 'graph' | 'spectral' | 'popularOrder'>): SingleModel | null {
  if (graph === null || model === null) return null;
  const scan = createScan(model.itemFactors, model.dimensions, { bytes: false });
  const factors = { multiply: (_: unknown, ...rest: Parameters<typeof scan.dots>) => scan.dots(...rest) };
  const masked = new Uint8Array(popularOrder.length);
  return {
    name: 'filter',
    rank({ history, seen }, depth) {
      const vector = projectSpectral(model, history);
      const linear = sumRows(graph, newestLiked(history, GRAPH_FADING, Number.POSITIVE_INFINITY));
      for (const item of seen) masked[item] = 1;
      const found = vector === null ? [] : filterItems({ linear, model, vector, factors, masked }, depth).items;
      for (const item of seen) masked[item] = 0;
      return { items: fillUp([...found], popularOrder, seen, depth), probabilities: null };
    },
  };
}
