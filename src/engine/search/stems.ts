import snowball, { type Stemmer } from 'snowball-stemmers';
import { withoutAccents } from '../../features/content/words.js';

/** ISO 639-1 codes and their stemmers of the Snowball project (Porter 2001). */
const ALGORITHMS = {
  ar: 'arabic',
  ca: 'catalan',
  cs: 'czech',
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  eu: 'basque',
  fi: 'finnish',
  fr: 'french',
  ga: 'irish',
  hu: 'hungarian',
  hy: 'armenian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sl: 'slovene',
  sv: 'swedish',
  ta: 'tamil',
  tr: 'turkish',
} as const;

export type Language = keyof typeof ALGORITHMS;

/** What says its language by its letters. */
const SCRIPTS: readonly (readonly [script: RegExp, language: Language])[] = [
  [/\p{sc=Cyrillic}/u, 'ru'],
  [/\p{sc=Arabic}/u, 'ar'],
  [/\p{sc=Armenian}/u, 'hy'],
  [/\p{sc=Tamil}/u, 'ta'],
];
const ASCII = /^[\0-\x7f]*$/;
const LATIN = /\p{sc=Latin}/u;

export function isLanguage(code: string): code is Language {
  return Object.hasOwn(ALGORITHMS, code);
}

/** Of `de`, `de-AT` and `DE_at` alike; null where there is no stemmer for it. */
export function languageOfTag(tag: string): Language | null {
  const code = tag.toLowerCase().split(/[-_]/)[0] ?? '';
  const plain = code === 'nb' || code === 'nn' ? 'no' : code;
  return isLanguage(plain) ? plain : null;
}

/** A word as it is compared: small letters without accents. */
export function foldWord(word: string): string {
  return ASCII.test(word) ? word : withoutAccents(word);
}

/**
 * What the forms of a word share. `word` is in small letters; letters of one language's own script go by that script,
 * whatever the language. Words of scripts without a stemmer, and what has digits, are their own stems.
 */
export type Stem = (word: string, language: Language) => string;

/** A stemmer reads its tables at first use and is kept. */
export function createStem(): Stem {
  const stemmers = new Map<Language, Stemmer>();
  const stemmerOf = (language: Language): Stemmer => {
    const stemmer = stemmers.get(language) ?? snowball.newStemmer(ALGORITHMS[language]);
    stemmers.set(language, stemmer);
    return stemmer;
  };
  return (word, language) => {
    if (/\p{N}/u.test(word)) return foldWord(word);
    const own = ASCII.test(word) ? language : SCRIPTS.find(([script]) => script.test(word))?.[1];
    if (own === undefined && !LATIN.test(word)) return foldWord(word);
    return foldWord(stemmerOf(own ?? language).stem(word));
  };
}
