import type { Contexts } from '../../kernels/follows.js';
import { breathe } from '../breathe.js';
import type { Encounters } from './encounters.js';
import { growable } from './growable.js';

const ENTRIES_PER_BREATH = 50_000;

/** Two items that many people met close to each other, in either order, and where they did. */
export interface PairContexts extends Omit<Contexts, 'weights' | 'norms'> {
  /** Two items per context, the lower one first; contexts rise by the first, then by the second. */
  readonly pairs: Int32Array;
  /** Per occurrence: the older of the two encounters; `entries` has the newer one. */
  readonly older: Int32Array;
}

/**
 * The pairs that at least `least` people met at most `reach` places from each other. Pairs are first counted by a hash of
 * theirs, so that only those that may be frequent take memory: time is linear in encounters × reach. `moments` says per
 * encounter which of the person's encounters share its moment: the first of them, and one after the last.
 */
export async function pairContexts(
  encounters: Encounters,
  moments: { readonly starts: Int32Array; readonly ends: Int32Array },
  { reach, least }: { readonly reach: number; readonly least: number },
): Promise<PairContexts> {
  const { itemCount, items } = encounters;
  const visit = (use: (key: number, older: number, newer: number) => void) =>
    eachPair(encounters, moments, reach, (older, newer) => {
      const [a, b] = [items[older] ?? 0, items[newer] ?? 0];
      use(Math.min(a, b) * itemCount + Math.max(a, b), older, newer);
    });
  const buckets = new Uint16Array(bucketsFor(items.length));
  const bucketOf = (key: number) => mix(key, itemCount) & (buckets.length - 1);
  const mayRepeat = (key: number) => buckets[bucketOf(key)] === least;
  await visit((key) => {
    const bucket = bucketOf(key);
    if ((buckets[bucket] ?? 0) < least) buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  });
  const frequent = growable((length) => new Float64Array(length));
  await visit((key) => {
    if (mayRepeat(key)) frequent.push(key);
  });
  const keys = repeated(frequent.values().slice().sort(), least);
  const rowOf = new Map(Array.from(keys, (key, row) => [key, row]));
  const offsets = new Int32Array(keys.length + 1);
  await visit((key) => {
    const row = mayRepeat(key) ? rowOf.get(key) : undefined;
    if (row !== undefined) offsets[row + 1] = (offsets[row + 1] ?? 0) + 1;
  });
  for (let row = 0; row < keys.length; row++) offsets[row + 1] = (offsets[row + 1] ?? 0) + (offsets[row] ?? 0);
  const next = offsets.slice();
  const total = offsets[keys.length] ?? 0;
  const out = { entries: new Int32Array(total), firsts: new Int32Array(total), older: new Int32Array(total) };
  await visit((key, older, newer) => {
    const row = mayRepeat(key) ? rowOf.get(key) : undefined;
    if (row === undefined) return;
    const at = next[row] ?? 0;
    next[row] = at + 1;
    out.entries[at] = newer;
    out.older[at] = older;
    out.firsts[at] = moments.ends[newer] ?? 0;
  });
  const pairs = new Int32Array(2 * keys.length);
  for (const [row, key] of keys.entries()) {
    pairs[2 * row] = Math.floor(key / itemCount);
    pairs[2 * row + 1] = key % itemCount;
  }
  return { ...out, offsets, pairs };
}

/** What shares a moment with more than `reach` others is no pair: nothing says that it was met together. */
async function eachPair(
  { offsets, places }: Encounters,
  moments: { readonly starts: Int32Array; readonly ends: Int32Array },
  reach: number,
  use: (older: number, newer: number) => void,
): Promise<void> {
  let breathed = 0;
  for (let person = 0; person + 1 < offsets.length; person++) {
    const first = offsets[person] ?? 0;
    if (first - breathed > ENTRIES_PER_BREATH) {
      breathed = first;
      await breathe();
    }
    for (let newer = first; newer < (offsets[person + 1] ?? 0); newer++) {
      const start = moments.starts[newer] ?? 0;
      const crowded = (moments.ends[newer] ?? 0) - start > reach;
      for (let older = crowded ? start - 1 : newer - 1; older >= first; older--) {
        if ((places[newer] ?? 0) - (places[older] ?? 0) > 2 * reach) break;
        use(older, newer);
      }
    }
  }
}

function repeated(sorted: Float64Array, least: number): Float64Array {
  const kept: number[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    if (end - start >= least) kept.push(sorted[start] ?? 0);
    start = end;
  }
  return Float64Array.from(kept);
}

function bucketsFor(encounters: number): number {
  return 2 ** Math.min(24, Math.max(10, Math.ceil(Math.log2(1 + 4 * encounters))));
}

/** 32 bits of a pair (the finaliser of MurmurHash3, Austin Appleby 2011). */
function mix(key: number, itemCount: number): number {
  let hash = Math.imul(Math.floor(key / itemCount), 0x9e3779b1) ^ (key % itemCount);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
