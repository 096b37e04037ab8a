import type { Factors } from '../features/feature.js';
import type { FactorShelf } from '../registry/snapshot.js';
import type { Neighbours, VectorIndex } from '../store/ports/vectorIndex.js';

type Searchable = Pick<VectorIndex, 'size' | 'search' | 'dots'>;

/** Makes an index that rows can be added to. */
export type CreateGrowingIndex = (vectors: Float32Array, dimensions: number) => Pick<VectorIndex, 'search' | 'append'>;

/** The rows that stand behind those of a version, in an index of their own: one for all editions of a shelf. */
export interface Tail {
  search(query: Float32Array, k: number, masked: Uint8Array): Neighbours | Promise<Neighbours>;
  /** So many rows are in it, perhaps some of a later edition. */
  readonly size: number;
}

/** Brings the tail of a shelf up to an edition. */
export function tailPerShelf(createIndex: CreateGrowingIndex): (model: Factors, shelf: FactorShelf) => Tail {
  const tails = new WeakMap<object, { readonly index: ReturnType<CreateGrowingIndex>; size: number }>();
  return ({ dimensions, itemFactors }, { base, series }) => {
    const first = base.itemFactors.length;
    const size = (itemFactors.length - first) / dimensions;
    let tail = tails.get(series);
    if (tail === undefined) {
      tail = { index: createIndex(itemFactors.subarray(first), dimensions), size };
      tails.set(series, tail);
    } else if (tail.size < size) {
      tail.index.append(itemFactors.subarray(first + tail.size * dimensions));
      tail.size = size;
    }
    const { index } = tail;
    return { size: tail.size, search: (query, k, masked) => index.search(query, k, masked) };
  };
}

/** The index of a version and the tail of its shelf as one. */
export function shelvedIndex(model: Factors, shelf: FactorShelf, base: Searchable, tail: Tail): Searchable {
  const { dimensions: d, itemFactors } = model;
  const { moved } = shelf;
  const first = base.size;
  const size = itemFactors.length / d;
  const itemOf = new Map([...moved].map(([item, row]) => [row, item]));

  /** What is moved is not to be found where it was. */
  const baseMask = (masked?: Uint8Array): Uint8Array | undefined => {
    if (moved.size === 0) return masked?.subarray(0, first);
    const mask = masked?.slice(0, first) ?? new Uint8Array(first);
    for (const item of moved.keys()) mask[item] = 1;
    return mask;
  };
  /** Rows of later editions are out, too. */
  const tailMask = (masked?: Uint8Array): Uint8Array => {
    const mask = new Uint8Array(tail.size).fill(1, size - first);
    if (masked === undefined) return mask;
    mask.set(masked.subarray(first, size));
    for (const [row, item] of itemOf) mask[row - first] = masked[item] ?? 0;
    return mask;
  };
  const named = ({ indices, scores }: Neighbours): Neighbours => ({
    indices: indices.map((at) => itemOf.get(first + at) ?? first + at),
    scores,
  });
  return {
    size,
    search(query, k, masked) {
      const known = base.search(query, Math.min(k, first), baseMask(masked));
      const live = tail.search(query, Math.min(k, tail.size), tailMask(masked));
      if (!(known instanceof Promise) && !(live instanceof Promise)) return merge(known, named(live), k);
      return Promise.all([known, live]).then(([a, b]) => merge(a, named(b), k));
    },
    dots(query, rows, out) {
      const own: number[] = [];
      for (let at = 0; at < rows.length; at++) {
        const item = rows[at] ?? 0;
        if (item >= first || moved.has(item)) own.push(at);
      }
      if (own.length === 0) {
        base.dots(query, rows, out);
        return;
      }
      const others = rows.slice();
      for (const at of own) others[at] = 0;
      base.dots(query, others, out);
      for (const at of own) {
        const item = rows[at] ?? 0;
        const from = (moved.get(item) ?? item) * d;
        let sum = 0;
        for (let k = 0; k < d; k++) sum += (query[k] ?? 0) * (itemFactors[from + k] ?? 0);
        out[at] = sum;
      }
    },
  };
}

/** Both come best first; of equal ones those of `a` are first. */
function merge(a: Neighbours, b: Neighbours, k: number): Neighbours {
  const length = Math.min(k, a.indices.length + b.indices.length);
  const indices = new Int32Array(length);
  const scores = new Float32Array(length);
  let nextA = 0;
  let nextB = 0;
  for (let at = 0; at < length; at++) {
    const takesA = (a.scores[nextA] ?? Number.NEGATIVE_INFINITY) >= (b.scores[nextB] ?? Number.NEGATIVE_INFINITY);
    const [from, place] = takesA && nextA < a.indices.length ? [a, nextA++] : [b, nextB++];
    indices[at] = from.indices[place] ?? 0;
    scores[at] = from.scores[place] ?? 0;
  }
  return { indices, scores };
}
