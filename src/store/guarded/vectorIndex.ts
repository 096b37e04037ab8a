import type { Guard } from '../../domain/guard.js';
import type { VectorIndex } from '../ports/vectorIndex.js';

/**
 * A vector index whose searches on another thread go through a breaker. A small one answers at once, on this thread: there
 * is nothing to wait for, and nothing that could be away.
 */
export function guardVectorIndex(index: VectorIndex, guard: Guard, isOpen: () => boolean): VectorIndex {
  return {
    name: index.name,
    get size() {
      return index.size;
    },
    dimensions: index.dimensions,
    search(query, k, masked) {
      if (isOpen()) return guard(async () => index.search(query, k, masked), 'search');
      const answer = index.search(query, k, masked);
      return answer instanceof Promise ? guard(() => answer, 'search') : answer;
    },
    dots: index.dots,
    append: index.append,
    dispose: index.dispose,
  };
}
