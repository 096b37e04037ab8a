import SearchableMap from 'minisearch/SearchableMap';
import { editsBetween, toleratedEdits } from './spelling.js';
import { foldWord, type Language, type Stem } from './stems.js';

/** A word of the catalogue that is not the one asked for, and how far off it is. */
export interface Near {
  readonly code: number;
  /** At least 1. */
  readonly edits: number;
}

/** Every word of the catalogue, with a code from 0, found by its stem, its beginning, or with slips. Words are never taken out. */
export interface Lexicon {
  /** Code of a word as it is compared, or -1. */
  find(word: string): number;
  word(code: number): string;
  /** Code of a word of a text in some language, in small letters and with its accents; a new one for a new word. */
  add(word: string, language: Language): number;
  /** Codes of the words that are forms of this one, in any language met so far. */
  forms(word: string): readonly number[];
  /** Codes of the words that share a stem with this one, itself among them. */
  kin(code: number): readonly number[];
  /** The first `most` words, by nothing in particular, that begin with `prefix`. */
  startingWith(prefix: string, most: number): readonly number[];
  /** Words that a slip or two make of this one. */
  near(word: string): readonly Near[];
}

/** MiniSearch's radix tree keeps the words; what is asked of whole catalogues at once stands beside it in plain maps. */
export function createLexicon(stem: Stem): Lexicon {
  const tree = new SearchableMap<number>();
  const codes = new Map<string, number>();
  const words: string[] = [];
  /** By code: the word's stems, one for each language it was met in. */
  const stems: string[][] = [];
  const byStem = new Map<string, number[]>();
  /** By language: words as they stand in texts. */
  const spoken = new Map<Language, Map<string, number>>();

  const spokenIn = (language: Language): Map<string, number> => {
    const known = spoken.get(language) ?? new Map<string, number>();
    spoken.set(language, known);
    return known;
  };
  const codeOf = (word: string): number => {
    const known = codes.get(word);
    if (known !== undefined) return known;
    const code = words.length;
    words.push(word);
    stems.push([]);
    codes.set(word, code);
    tree.set(word, code);
    return code;
  };
  const together = (all: readonly string[]): readonly number[] => [
    ...new Set(all.flatMap((one) => byStem.get(one) ?? [])),
  ];

  return {
    find: (word) => codes.get(word) ?? -1,
    word: (code) => words[code] ?? '',
    add(word, language) {
      const known = spokenIn(language);
      const found = known.get(word);
      if (found !== undefined) return found;
      const code = codeOf(foldWord(word));
      known.set(word, code);
      const own = stem(word, language);
      if (stems[code]?.includes(own) === false) {
        stems[code]?.push(own);
        const kin = byStem.get(own) ?? [];
        kin.push(code);
        byStem.set(own, kin);
      }
      return code;
    },
    forms(word) {
      const folded = foldWord(word);
      const found = together([...spoken.keys()].flatMap((language) => [stem(word, language), stem(folded, language)]));
      const own = codes.get(folded);
      return own === undefined || found.includes(own) ? found : [own, ...found];
    },
    kin: (code) => together(stems[code] ?? []),
    startingWith(prefix, most) {
      const found: number[] = [];
      for (const code of tree.atPrefix(prefix).values()) {
        if (found.push(code) >= most) break;
      }
      return found;
    },
    near(word) {
      const most = toleratedEdits(word);
      if (most === 0) return [];
      const found: Near[] = [];
      // The tree counts two neighbours swapped as two edits.
      for (const [other, [code]] of tree.fuzzyGet(word, Math.min(2, most + 1))) {
        const edits = editsBetween(word, other, most);
        if (edits > 0 && edits <= most) found.push({ code, edits });
      }
      return found;
    },
  };
}
