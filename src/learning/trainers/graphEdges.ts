import type { SparseMatrix } from '../../kernels/subspace.js';
import type { Interactions } from '../examples/interactions.js';
import type { SocialGraph } from '../examples/social.js';
import { transpose } from '../examples/transpose.js';

/** From this worth on taking to an item is a whole edge; below it a part of one. */
const FULL_WORTH = 3;

/**
 * People × items: an edge of weight 0 to 1 for what a person took to, one of `authorWeight` for what they wrote. Of a
 * person's items the newest `historyLimit` count, so that the steps of a walk stay linear in the events.
 */
export function takingEdges(
  interactions: Interactions,
  { personIds, ofUsers, authors }: SocialGraph,
  { historyLimit, authorWeight }: { readonly historyLimit: number; readonly authorWeight: number },
): SparseMatrix {
  const { userCount, offsets, items, worth } = interactions;
  const userOf = new Int32Array(personIds.length).fill(-1);
  for (let user = 0; user < userCount; user++) userOf[ofUsers[user] ?? 0] = user;
  const written = works(authors, personIds.length, authorWeight > 0 ? historyLimit : 0);
  const most = items.length + written.rows.length;
  const edges = {
    offsets: new Int32Array(personIds.length + 1),
    columns: new Int32Array(most),
    values: new Float32Array(most),
  };
  let next = 0;
  for (let person = 0; person < personIds.length; person++) {
    const first = next;
    const add = (item: number, weight: number) => {
      edges.columns[next] = item;
      edges.values[next++] = weight;
    };
    const own = new Set(written.rows.subarray(written.offsets[person], written.offsets[person + 1]));
    const user = userOf[person] ?? -1;
    const end = user < 0 ? 0 : (offsets[user + 1] ?? 0);
    for (let at = user < 0 ? 0 : (offsets[user] ?? 0); at < end && next - first < historyLimit; at++) {
      const weight = Math.min(1, (worth[at] ?? 0) / FULL_WORTH);
      const item = items[at] ?? 0;
      if (weight > 0 && !own.has(item)) add(item, weight);
    }
    for (const item of own) add(item, authorWeight);
    edges.offsets[person + 1] = next;
  }
  return { offsets: edges.offsets, columns: edges.columns.slice(0, next), values: edges.values.slice(0, next) };
}

/** What each person wrote, the last `limit` by index. */
function works(authors: Int32Array, people: number, limit: number): { offsets: Int32Array; rows: Int32Array } {
  const offsets = new Int32Array(authors.length + 1);
  const columns = new Int32Array(authors.length);
  let next = 0;
  for (let item = 0; item < authors.length; item++) {
    const author = authors[item] ?? -1;
    if (author >= 0 && limit > 0) columns[next++] = author;
    offsets[item + 1] = next;
  }
  return transpose(offsets, columns.slice(0, next), people);
}

/**
 * People × people: an edge of weight 1 for a follow, both ways; twice that where it is mutual. Rows sum to 1. Of someone
 * with more friends than `limit` so many count, spread over their row.
 */
export function friendSteps({ personIds, followers, followees }: SocialGraph, limit: number): SparseMatrix {
  const people = personIds.length;
  const degrees = new Int32Array(people + 1);
  for (const side of [followers, followees]) {
    for (const person of side) degrees[person + 1] = (degrees[person + 1] ?? 0) + 1;
  }
  for (let person = 0; person < people; person++) {
    degrees[person + 1] = (degrees[person + 1] ?? 0) + (degrees[person] ?? 0);
  }
  const next = degrees.slice(0, people);
  const friends = new Int32Array(2 * followers.length);
  const join = (from: number, to: number) => {
    const at = next[from] ?? 0;
    friends[at] = to;
    next[from] = at + 1;
  };
  for (let row = 0; row < followers.length; row++) {
    const [follower, followee] = [followers[row] ?? 0, followees[row] ?? 0];
    join(follower, followee);
    join(followee, follower);
  }
  const offsets = new Int32Array(people + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let person = 0; person < people; person++) {
    const counts = new Map<number, number>();
    for (const friend of friends.subarray(degrees[person], degrees[person + 1]).sort()) {
      counts.set(friend, (counts.get(friend) ?? 0) + 1);
    }
    const stride = Math.max(1, counts.size / limit);
    const kept = [...counts].filter((_, at) => Math.floor(at / stride) !== Math.floor((at - 1) / stride));
    const sum = kept.reduce((total, [, count]) => total + count, 0);
    for (const [friend, count] of kept) {
      columns.push(friend);
      values.push(count / sum);
    }
    offsets[person + 1] = columns.length;
  }
  return { offsets, columns: Int32Array.from(columns), values: Float32Array.from(values) };
}

/** Person × those they follow. */
export function followees({ personIds, followers, followees }: SocialGraph): Pick<SparseMatrix, 'offsets' | 'columns'> {
  const byRow = Int32Array.from(followers.keys()).sort((a, b) => (followers[a] ?? 0) - (followers[b] ?? 0));
  const offsets = new Int32Array(personIds.length + 1);
  for (const follower of followers) offsets[follower + 1] = (offsets[follower + 1] ?? 0) + 1;
  for (let person = 0; person < personIds.length; person++) {
    offsets[person + 1] = (offsets[person + 1] ?? 0) + (offsets[person] ?? 0);
  }
  return { offsets, columns: byRow.map((row) => followees[row] ?? 0) };
}

/** The matrix the other way round; rows rise within a column. */
export function turned({ offsets, columns, values }: SparseMatrix, columnCount: number): SparseMatrix {
  const { offsets: ends, rows, order } = transpose(offsets, columns, columnCount);
  return { offsets: ends, columns: rows, values: Float32Array.from(order, (entry) => values[entry] ?? 0) };
}

/** Sum of each row. */
export function rowMasses({ offsets, values }: SparseMatrix): Float64Array {
  const masses = new Float64Array(offsets.length - 1);
  for (let row = 0; row < masses.length; row++) {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++)
      masses[row] = (masses[row] ?? 0) + (values[at] ?? 0);
  }
  return masses;
}

/** diag(scales) · matrix */
export function scaleRows({ offsets, columns, values }: SparseMatrix, scales: Float64Array): SparseMatrix {
  const scaled = values.slice();
  for (let row = 0; row < scales.length; row++) {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++)
      scaled[at] = (values[at] ?? 0) * (scales[row] ?? 0);
  }
  return { offsets, columns, values: scaled };
}

/** I + share · rows whose entries sum to 1: to stay, or to take one more step. */
export function stayOrStep(matrix: SparseMatrix, share: number): SparseMatrix {
  return plus(
    identity(matrix.offsets.length - 1),
    scaleRows(
      matrix,
      rowMasses(matrix).map((mass) => (mass > 0 ? share / mass : 0)),
    ),
  );
}

/** a + b; both have as many rows. An entry that both have is written twice, which is the same to a product. */
export function plus(a: SparseMatrix, b: SparseMatrix): SparseMatrix {
  const rows = a.offsets.length - 1;
  const total = a.columns.length + b.columns.length;
  const sum = { offsets: new Int32Array(rows + 1), columns: new Int32Array(total), values: new Float32Array(total) };
  let next = 0;
  for (let row = 0; row < rows; row++) {
    for (const one of [a, b]) {
      const [from, to] = [one.offsets[row] ?? 0, one.offsets[row + 1] ?? 0];
      sum.columns.set(one.columns.subarray(from, to), next);
      sum.values.set(one.values.subarray(from, to), next);
      next += to - from;
    }
    sum.offsets[row + 1] = next;
  }
  return sum;
}

/** The matrix that changes nothing. */
export function identity(rows: number): SparseMatrix {
  return {
    offsets: Int32Array.from({ length: rows + 1 }, (_, row) => row),
    columns: Int32Array.from({ length: rows }, (_, row) => row),
    values: new Float32Array(rows).fill(1),
  };
}
