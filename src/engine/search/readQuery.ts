import { splitWords } from '../../features/content/words.js';
import type { Lexicon } from './lexicon.js';
import { foldWord } from './stems.js';
import type { Asked, WordIndex } from './wordIndex.js';

/** A text of a caller in terms of the words of the catalogue. */
export interface Reading {
  readonly asked: readonly Asked[];
  /** The words that count as found, as they are compared. */
  readonly found: ReadonlySet<string>;
  /** The same text with words of the catalogue in place of slips; null where there is nothing to put right. */
  readonly didYouMean: string | null;
}

/** Of a longer text the first so many different words count. */
const MOST_WORDS = 64;
/** Words that a beginning, or a slip, may stand for: those of most items. */
const MOST_OTHERS = 32;
/** Beginnings are looked through up to so many words. */
const MOST_LOOKED_AT = 5_000;
/** What a word counts that only begins like the one asked for, at most, and one that is an edit away. */
const BEGINNING = 0.6;
const SLIP = 0.5;

/** The words of a text in small letters, with their accents. */
export function searchWords(text: string): string[] {
  return splitWords(text.normalize('NFKC').toLowerCase());
}

/**
 * A word that the catalogue has stands for its forms and for nothing else. One it does not have stands for words that begin
 * like it, or for those it may be a slip of, for less.
 */
export function readQuery(text: string, lexicon: Lexicon, index: Pick<WordIndex, 'uses'>): Reading {
  const times = new Map<string, number>();
  for (const word of searchWords(text)) {
    const known = times.get(word);
    if (known !== undefined || times.size < MOST_WORDS) times.set(word, (known ?? 0) + 1);
  }
  const used = (code: number) => index.uses(code) > 0;
  const asked: Asked[] = [];
  const found = new Set<string>();
  const meant: string[] = [];
  let corrected = false;

  const last = [...times.keys()].at(-1);
  for (const [word, count] of times) {
    const forms = lexicon.forms(word).filter(used);
    const others = forms.length > 0 ? [] : othersOf(word, word === last, lexicon, index);
    const slip = others[0]?.edits === 0 ? undefined : others[0];
    meant.push(slip === undefined ? word : lexicon.word(slip.code));
    corrected ||= slip !== undefined;
    const weights = new Map<number, number>(forms.map((code) => [code, 1]));
    for (const { code, weight } of others) {
      for (const kin of lexicon.kin(code)) if (used(kin)) weights.set(kin, Math.max(weight, weights.get(kin) ?? 0));
    }
    for (const code of weights.keys()) found.add(lexicon.word(code));
    asked.push({ codes: [...weights.keys()], weights: [...weights.values()], times: count });
  }
  return { asked, found, didYouMean: corrected ? meant.join(' ') : null };
}

interface Other {
  readonly code: number;
  readonly weight: number;
  /** 0 for a word that begins like the one asked for. */
  readonly edits: number;
}

/**
 * What an unknown word may stand for: the fewest edits first, then what most items have. The last word may not be typed to its
 * end yet, so that what begins with it comes before slips; with the others it is the other way round.
 */
function othersOf(word: string, isLast: boolean, lexicon: Lexicon, { uses }: Pick<WordIndex, 'uses'>): Other[] {
  const plain = foldWord(word);
  const some = (others: readonly Other[]) =>
    others
      .filter(({ code }) => uses(code) > 0)
      .sort((a, b) => a.edits - b.edits || uses(b.code) - uses(a.code) || a.code - b.code)
      .slice(0, MOST_OTHERS);
  const beginnings = () =>
    some(
      lexicon.startingWith(plain, MOST_LOOKED_AT).map((code) => ({
        code,
        weight: BEGINNING * Math.sqrt(plain.length / lexicon.word(code).length),
        edits: 0,
      })),
    );
  const slips = () => some(lexicon.near(plain).map(({ code, edits }) => ({ code, weight: SLIP ** edits, edits })));
  const [first, second] = isLast ? [beginnings, slips] : [slips, beginnings];
  const found = first();
  return found.length > 0 ? found : second();
}
