import type { Growth, ItemTable, SparseRows } from '../registry/snapshot.js';

/** How many entries of the lists one gathering reads: very common tags tell little and cost much. */
const BUDGET = 20_000;

/** Tag → the items that carry it. */
export interface Postings {
  /**
   * Calls `visit` with each item that carries at least one of the tags and Σ weight × value over them, where that is
   * above 0. Weights are not below 0. Tags with few items come first; those that would exceed the budget are left out,
   * but never all of them.
   */
  gather(weights: ReadonlyMap<number, number>, visit: (item: number, score: number) => void): void;
}

/** Rows that carry tags: items, or people by their interests. */
export interface Tagged extends Pick<ItemTable, 'size' | 'tagNames' | 'tags'> {
  readonly growth?: Growth<Tagged>;
}

/** One per table, made at first use. */
export function postingsPerTable(): (table: Tagged) => Postings {
  const made = new WeakMap<Tagged, Postings>();
  const make = (table: Tagged): Postings => {
    const { growth } = table;
    return growth === undefined ? createPostings(table) : grownPostings(postingsOf(growth.base), table, growth.rows);
  };
  const postingsOf = (table: Tagged): Postings => {
    const postings = made.get(table) ?? make(table);
    made.set(table, postings);
    return postings;
  };
  return postingsOf;
}

/** Those of what a table grew from, and those of its `rows` that are new or were replaced. */
function grownPostings(base: Postings, { tags, tagNames }: Tagged, rows: Int32Array): Postings {
  const own = createPostings({ tags: someOf(tags, rows), tagNames, size: rows.length });
  const changed = new Set(rows);
  return {
    gather(weights, visit) {
      base.gather(weights, (item, score) => {
        if (!changed.has(item)) visit(item, score);
      });
      own.gather(weights, (place, score) => visit(rows[place] ?? 0, score));
    },
  };
}

function someOf({ offsets, indices, values }: SparseRows, rows: Int32Array): SparseRows {
  const entries = Array.from(rows, (row) => [offsets[row] ?? 0, offsets[row + 1] ?? 0] as const);
  const ends = new Int32Array(rows.length + 1);
  for (const [place, [from, to]] of entries.entries()) ends[place + 1] = (ends[place] ?? 0) + to - from;
  const length = ends[rows.length] ?? 0;
  const some = { offsets: ends, indices: new Int32Array(length), values: new Float32Array(length) };
  for (const [place, [from, to]] of entries.entries()) {
    some.indices.set(indices.subarray(from, to), ends[place]);
    some.values.set(values.subarray(from, to), ends[place]);
  }
  return some;
}

function createPostings({ tags, tagNames, size }: Tagged): Postings {
  const starts = new Int32Array(tagNames.length + 1);
  for (const tag of tags.indices) starts[tag + 1] = (starts[tag + 1] ?? 0) + 1;
  for (let tag = 0; tag < tagNames.length; tag++) starts[tag + 1] = (starts[tag + 1] ?? 0) + (starts[tag] ?? 0);
  const items = new Int32Array(tags.indices.length);
  const values = new Float32Array(tags.indices.length);
  const next = starts.slice();
  for (let item = 0; item < size; item++) {
    const end = tags.offsets[item + 1] ?? 0;
    for (let at = tags.offsets[item] ?? 0; at < end; at++) {
      const tag = tags.indices[at] ?? 0;
      const place = next[tag] ?? 0;
      items[place] = item;
      values[place] = tags.values[at] ?? 0;
      next[tag] = place + 1;
    }
  }
  const lengthOf = (tag: number) => (starts[tag + 1] ?? 0) - (starts[tag] ?? 0);
  // Shared between calls: gathering is synchronous, and leaves it all zero.
  const sums = new Float32Array(size);

  return {
    gather(weights, visit) {
      const touched: number[] = [];
      let read = 0;
      for (const [tag, weight] of [...weights].sort(([a], [b]) => lengthOf(a) - lengthOf(b) || a - b)) {
        if (read > 0 && read + lengthOf(tag) > BUDGET) break;
        read += lengthOf(tag);
        for (let place = starts[tag] ?? 0; place < (starts[tag + 1] ?? 0); place++) {
          const item = items[place] ?? 0;
          const part = weight * (values[place] ?? 0);
          if (part === 0) continue;
          if (sums[item] === 0) touched.push(item);
          sums[item] = (sums[item] ?? 0) + part;
        }
      }
      const scores = touched.map((item) => sums[item] ?? 0);
      for (const item of touched) sums[item] = 0;
      for (let at = 0; at < touched.length; at++) visit(touched[at] ?? 0, scores[at] ?? 0);
    },
  };
}
