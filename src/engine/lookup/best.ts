import type { Found } from '../pipeline/candidates.js';

/**
 * The `count` best of what is offered, best first, then by rising item. A bounded heap whose top is the worst kept, so
 * that n offers cost n log count.
 */
export function keepBest(count: number): { offer(item: number, score: number): void; take(): Found } {
  const items: number[] = [];
  const scores: number[] = [];
  const worse = (a: number, b: number) => {
    const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
    return difference < 0 || (difference === 0 && (items[a] ?? 0) > (items[b] ?? 0));
  };
  const swap = (a: number, b: number) => {
    [items[a], items[b]] = [items[b] ?? 0, items[a] ?? 0];
    [scores[a], scores[b]] = [scores[b] ?? 0, scores[a] ?? 0];
  };
  const rise = (start: number) => {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!worse(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const sink = () => {
    for (let at = 0; ; ) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < items.length && worse(child, worst)) worst = child;
      if (worst === at) return;
      swap(at, worst);
      at = worst;
    }
  };
  return {
    offer(item, score) {
      if (items.length < count) {
        items.push(item);
        scores.push(score);
        rise(items.length - 1);
        return;
      }
      const floor = scores[0] ?? Number.POSITIVE_INFINITY;
      if (score < floor || (score === floor && item > (items[0] ?? 0))) return;
      items[0] = item;
      scores[0] = score;
      sink();
    },
    take() {
      const order = items.map((_, at) => at).sort((a, b) => (worse(a, b) ? 1 : -1));
      return {
        items: Int32Array.from(order, (at) => items[at] ?? 0),
        scores: Float32Array.from(order, (at) => scores[at] ?? 0),
      };
    },
  };
}
