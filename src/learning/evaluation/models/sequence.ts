import { whatFollows } from '../../../features/following.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import { keepBest } from '../../../retrieval/best.js';
import type { SingleModel } from './model.js';
import { fillUp } from './popularity.js';

/**
 * The transitions alone: what tends to follow the newest items, by pairs of them where they are known, and by each of them.
 * Null for a version without them.
 */
export function sequence({
  sequence: model,
  popularOrder,
}: Pick<Snapshot, 'sequence' | 'popularOrder'>): SingleModel | null {
  if (model === null) return null;
  return {
    name: 'sequence',
    rank({ history, seen }, depth) {
      const { items, pairs } = whatFollows(model, history);
      const best = keepBest(depth);
      for (const [at, item] of items.items.entries()) {
        if (!seen.has(item)) best.offer(item, (items.scores[at] ?? 0) + pairs.scoreOf(item));
      }
      return { items: fillUp([...best.take().items], popularOrder, seen, depth), probabilities: null };
    },
  };
}
