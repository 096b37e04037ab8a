import type { ItemTable, SparseRows, TableShelf } from '../registry/snapshot.js';

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
export type Tagged = Pick<ItemTable, 'size' | 'tagNames' | 'tags' | 'shelf'>;

/** One per table, made at first use. */
export function postingsPerTable(): (table: Tagged) => Postings {
  const made = new WeakMap<Tagged, Postings>();
  const postingsOf = (table: Tagged): Postings => {
    const known = made.get(table);
    if (known !== undefined) return known;
    const { shelf } = table;
    const postings =
      shelf === undefined ? createPostings(table) : shelvedPostings(postingsOf(shelf.base), table, shelf);
    made.set(table, postings);
    return postings;
  };
  return postingsOf;
}

/** Those of a version, and those of the rows that came or changed since. Each have the budget. */
function shelvedPostings(base: Postings, { size, tagNames, tags }: Tagged, shelf: TableShelf): Postings {
  const { changed } = shelf;
  const rows = [...changed];
  for (let row = shelf.base.size; row < size; row++) rows.push(row);
  const own = createPostings({ size: rows.length, tagNames, tags: someRows(tags, rows) });
  return {
    gather(weights, visit) {
      base.gather(weights, changed.size === 0 ? visit : (item, score) => changed.has(item) || visit(item, score));
      own.gather(weights, (at, score) => visit(rows[at] ?? 0, score));
    },
  };
}

function someRows({ offsets, indices, values }: SparseRows, rows: readonly number[]): SparseRows {
  const ends = new Int32Array(rows.length + 1);
  for (const [at, row] of rows.entries()) {
    ends[at + 1] = (ends[at] ?? 0) + (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
  }
  const some = {
    offsets: ends,
    indices: new Int32Array(ends[rows.length] ?? 0),
    values: new Float32Array(ends[rows.length] ?? 0),
  };
  for (const [at, row] of rows.entries()) {
    some.indices.set(indices.subarray(offsets[row], offsets[row + 1]), ends[at]);
    some.values.set(values.subarray(offsets[row], offsets[row + 1]), ends[at]);
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
  // Of a tag that came later there is none here.
  const lengthOf = (tag: number) => (tag + 1 < starts.length ? (starts[tag + 1] ?? 0) - (starts[tag] ?? 0) : 0);
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
