import type { Item } from '../../domain/entities.js';
import { termsOf } from '../../features/content/terms.js';
import { breathe } from '../breathe.js';
import { growable } from './growable.js';

/** Items × terms in compressed rows: what each item says of itself. */
export interface ItemTerms {
  readonly terms: readonly string[];
  /** items + 1 */
  readonly offsets: Int32Array;
  /** Places in `terms`. */
  readonly columns: Int32Array;
  /** See `termsOf`. */
  readonly weights: Float32Array;
}

/** A term that fewer items have tells of no other item. */
const LEAST_ITEMS = 2;
/** A term that more than this share of the items have tells nothing of one. */
const MOST_SHARE = 0.5;
/** Items whose terms are read before giving way: a millisecond or two, unless their texts are long. */
const AT_ONCE = 50;

/** The terms of a catalogue that tell its items apart: at most `most` of them, those of most items first. */
export async function readItemTerms(catalogue: readonly Item[], most: number): Promise<ItemTerms> {
  const numbers = new Map<string, number>();
  const uses: number[] = [];
  const columns = growable((length) => new Int32Array(length));
  const weights = growable((length) => new Float32Array(length));
  const offsets = new Int32Array(catalogue.length + 1);
  let entries = 0;
  for (const [row, item] of catalogue.entries()) {
    if (row % AT_ONCE === 0) await breathe();
    for (const [term, weight] of termsOf(item)) {
      const number = numbers.get(term) ?? numbers.size;
      numbers.set(term, number);
      uses[number] = (uses[number] ?? 0) + 1;
      columns.push(number);
      weights.push(weight);
      entries++;
    }
    offsets[row + 1] = entries;
  }
  const all = { terms: [...numbers.keys()], offsets, columns: columns.values(), weights: weights.values() };
  return keep(all, choose(all.terms, uses, catalogue.length, most));
}

/** In order (by code unit), so that the order of the catalogue leaves no trace. */
function choose(terms: readonly string[], uses: readonly number[], items: number, most: number): string[] {
  return terms
    .map((term, number) => ({ term, count: uses[number] ?? 0 }))
    .filter(({ count }) => count >= LEAST_ITEMS && count <= MOST_SHARE * items)
    .sort((a, b) => b.count - a.count || byCodeUnit(a.term, b.term))
    .slice(0, most)
    .map(({ term }) => term)
    .sort(byCodeUnit);
}

function keep(all: ItemTerms, terms: readonly string[]): ItemTerms {
  const place = new Map(terms.map((term, at) => [term, at]));
  const kept = Int32Array.from(all.terms, (term) => place.get(term) ?? -1);
  const offsets = new Int32Array(all.offsets.length);
  const columns = new Int32Array(all.columns.length);
  const weights = new Float32Array(all.columns.length);
  let next = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let at = all.offsets[row] ?? 0; at < (all.offsets[row + 1] ?? 0); at++) {
      const column = kept[all.columns[at] ?? 0] ?? -1;
      if (column < 0) continue;
      columns[next] = column;
      weights[next] = all.weights[at] ?? 0;
      next++;
    }
    offsets[row + 1] = next;
  }
  return { terms, offsets, columns: columns.slice(0, next), weights: weights.slice(0, next) };
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
