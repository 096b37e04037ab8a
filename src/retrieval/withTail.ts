import type { Neighbours } from '../store/ports/vectorIndex.js';
import type { Searchable } from './indexes.js';
import type { Tail } from './tail.js';

/** An index and its tail as one, over the `size` rows that a model has. */
export function withTail(base: Searchable, tail: Tail, size: number): Searchable {
  return {
    size,
    search(query, k, masked) {
      const first = base.search(query, k, maskFor(base.size, tail.replaced, masked));
      const second = tail.search(query, k, size, masked);
      if (!(first instanceof Promise) && !(second instanceof Promise)) return merge(first, second, k);
      return Promise.all([first, second]).then(([a, b]) => merge(a, b, k));
    },
    dots(query, rows, out) {
      const own = rows.filter(tail.has);
      if (own.length === 0) {
        base.dots(query, rows, out);
        return;
      }
      const others = rows.filter((row) => !tail.has(row));
      const products = new Float32Array(own.length);
      const otherProducts = new Float32Array(others.length);
      tail.dots(query, own, products);
      base.dots(query, others, otherProducts);
      let next = 0;
      let nextOther = 0;
      for (let at = 0; at < rows.length; at++) {
        out[at] = (tail.has(rows[at] ?? 0) ? products[next++] : otherProducts[nextOther++]) ?? 0;
      }
    },
  };
}

/** What the first index is to pass over: what is masked, and what stands in the tail by now. */
function maskFor(size: number, replaced: readonly number[], masked?: Uint8Array): Uint8Array | undefined {
  if (replaced.length === 0) return masked?.subarray(0, size);
  const mask = masked?.slice(0, size) ?? new Uint8Array(size);
  for (const row of replaced) mask[row] = 1;
  return mask;
}

/** Both come best first, then by rising row; so does what is answered. */
function merge(a: Neighbours, b: Neighbours, k: number): Neighbours {
  if (b.indices.length === 0) return a;
  const length = Math.min(k, a.indices.length + b.indices.length);
  const indices = new Int32Array(length);
  const scores = new Float32Array(length);
  let nextA = 0;
  let nextB = 0;
  for (let at = 0; at < length; at++) {
    const scoreA = a.scores[nextA] ?? Number.NEGATIVE_INFINITY;
    const scoreB = b.scores[nextB] ?? Number.NEGATIVE_INFINITY;
    const rowA = a.indices[nextA] ?? Number.POSITIVE_INFINITY;
    const rowB = b.indices[nextB] ?? Number.POSITIVE_INFINITY;
    const takesA = scoreA > scoreB || (scoreA === scoreB && rowA < rowB);
    indices[at] = takesA ? rowA : rowB;
    scores[at] = takesA ? scoreA : scoreB;
    if (takesA) nextA++;
    else nextB++;
  }
  return { indices, scores };
}
