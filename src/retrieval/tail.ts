import type { Factors } from '../registry/snapshot.js';
import type { Neighbours } from '../store/ports/vectorIndex.js';
import type { CreateIndex, GrowingIndex } from './indexes.js';

/** The rows of a model that are new or were replaced since its index was made, in an index of their own. */
export interface Tail {
  /** Rows of the first index that must not be asked of it any more. */
  readonly replaced: readonly number[];
  /** Reads what changed: all of it each time, in the order in which it happened. */
  follow(model: Factors, changes: Int32Array): void;
  /** Whether the row is kept here. */
  has(row: number): boolean;
  /** The best `k` of the rows kept here, none from `size` on. */
  search(query: Float32Array, k: number, size: number, masked?: Uint8Array): Neighbours | Promise<Neighbours>;
  /** Inner products of rows that are kept here. */
  dots(query: Float32Array, rows: Int32Array, out: Float32Array): void;
}

const NOTHING: Neighbours = { indices: new Int32Array(0), scores: new Float32Array(0) };

/** Places that were given up are taken back when there are so many, and no fewer than others. */
const MANY_STALE = 1_000;

/** `size` is that of the first index. */
export function createTail(createIndex: CreateIndex, size: number): Tail {
  let index: GrowingIndex | null = null;
  /** Place in the index → row; -1 where the row has another place by now. */
  let rowAt = new Int32Array(16);
  let places = 0;
  /** Row → its place; -1 for a row of zeros, which says nothing and which no search is to find. */
  const placeOf = new Map<number, number>();
  const replaced: number[] = [];
  let stale = 0;
  let done = 0;

  const take = (row: number): void => {
    if (places === rowAt.length) {
      const longer = new Int32Array(2 * places);
      longer.set(rowAt);
      rowAt = longer;
    }
    rowAt[places] = row;
    placeOf.set(row, places++);
  };
  const release = (row: number): void => {
    const place = placeOf.get(row);
    if (place === undefined && row < size) replaced.push(row);
    if (place === undefined || place < 0) return;
    rowAt[place] = -1;
    stale++;
  };
  const add = ({ dimensions: d, itemFactors }: Factors, rows: readonly number[]): void => {
    const vectors = new Float32Array(rows.length * d);
    let count = 0;
    for (const row of rows) {
      const vector = itemFactors.subarray(row * d, (row + 1) * d);
      release(row);
      if (vector.some((value) => value !== 0)) {
        take(row);
        vectors.set(vector, d * count++);
      } else placeOf.set(row, -1);
    }
    const known = vectors.subarray(0, d * count);
    if (index !== null) index.append(known);
    else if (count > 0) index = createIndex(known, d);
  };

  return {
    replaced,
    follow(model, changes) {
      if (changes.length <= done) return;
      add(model, [...new Set(changes.subarray(done))]);
      done = changes.length;
      if (stale < MANY_STALE || 2 * stale < places) return;
      index = null;
      places = 0;
      stale = 0;
      for (const row of placeOf.keys()) placeOf.set(row, -1);
      add(model, [...placeOf.keys()]);
    },
    has: (row) => placeOf.has(row),
    search(query, k, below, masked) {
      if (index === null) return NOTHING;
      // A search on a thread may outlast a change of the places.
      const rows = rowAt.slice(0, places);
      const own = new Uint8Array(places);
      for (let place = 0; place < places; place++) {
        const row = rows[place] ?? -1;
        own[place] = row < 0 || row >= below || masked?.[row] === 1 ? 1 : 0;
      }
      const named = ({ indices, scores }: Neighbours): Neighbours => ({
        indices: indices.map((place) => rows[place] ?? 0),
        scores,
      });
      const found = index.search(query, k, own);
      return found instanceof Promise ? found.then(named) : named(found);
    },
    dots(query, rows, out) {
      const known = rows.map((row) => placeOf.get(row) ?? -1).filter((place) => place >= 0);
      const products = new Float32Array(known.length);
      if (known.length > 0) index?.dots(query, known, products);
      let next = 0;
      for (let at = 0; at < rows.length; at++) {
        out[at] = (placeOf.get(rows[at] ?? 0) ?? -1) < 0 ? 0 : (products[next++] ?? 0);
      }
    },
  };
}
