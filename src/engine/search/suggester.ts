import SearchableMap from 'minisearch/SearchableMap';
import type { Admits } from './admission.js';
import type { Columns } from './columns.js';
import { foldWord } from './stems.js';

/** Titles, categories and tags that one may be about to type. */
export interface Suggester {
  /** Reads a row that was just added. */
  add(row: number): void;
  /** Up to `first` texts that have a word beginning like this, of items that may be found. */
  suggest(prefix: string, first: number, admits: Admits | null): readonly string[];
}

interface Phrase {
  readonly text: string;
  readonly folded: string;
  readonly rows: number[];
  /** Positive actions on its items, and one for each item. */
  weight: number;
}

/** Phrases that are looked at; of a letter or two there may be many more. */
const MOST_LOOKED_AT = 4_000;
/** What beginning with it at once counts, against beginning a later word with it. */
const AT_ONCE = 3;
/** Longer titles are no suggestions. */
const LONGEST = 80;

export function createSuggester(columns: Columns, isThere: Admits): Suggester {
  const phrases = new Map<string, Phrase>();
  /** Each phrase from each of its words on, a blank before its end so that one may be the beginning of another. */
  const tree = new SearchableMap<Set<Phrase>>();

  const note = (text: string, row: number) => {
    if (text.length > LONGEST) return;
    const folded = plain(text);
    if (folded === '') return;
    let phrase = phrases.get(folded);
    if (phrase === undefined) {
      phrase = { text: text.trim(), folded, rows: [], weight: 0 };
      phrases.set(folded, phrase);
      for (const { index } of folded.matchAll(/(?<=^| )\S/gu)) {
        const key = folded.slice(index);
        const known = tree.get(key);
        if (known === undefined) tree.set(key, new Set([phrase]));
        else known.add(phrase);
      }
    }
    if (phrase.rows.at(-1) === row) return;
    phrase.rows.push(row);
    phrase.weight += 1 + (columns.popularity[row] ?? 0);
  };

  return {
    add(row) {
      note(columns.titles[row] ?? '', row);
      note(columns.categories.names[columns.category.values[row] ?? -1] ?? '', row);
      const { offsets, values } = columns.tags;
      for (const tag of values.subarray(offsets[row], offsets[row + 1])) note(columns.tagNames.names[tag] ?? '', row);
    },
    suggest(prefix, first, admits) {
      const wanted = plain(prefix);
      if (wanted === '') return [];
      const met = new Set<Phrase>();
      for (const some of tree.atPrefix(wanted).values()) {
        for (const phrase of some) met.add(phrase);
        if (met.size >= MOST_LOOKED_AT) break;
      }
      const worth = ({ folded, weight }: Phrase) => weight * (folded.startsWith(wanted) ? AT_ONCE : 1);
      const found: string[] = [];
      for (const { text, rows } of [...met].sort((a, b) => worth(b) - worth(a) || (a.folded < b.folded ? -1 : 1))) {
        if (found.length >= first) break;
        if (rows.some((row) => isThere(row) && (admits === null || admits(row)))) found.push(text);
      }
      return found;
    },
  };
}

/** In small letters, without accents, one blank between words. */
function plain(text: string): string {
  return foldWord(text.normalize('NFKC').toLowerCase())
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
