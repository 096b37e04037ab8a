/** Letters and digits of any script, with the marks that belong to them. */
const RUN = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

/** Scripts that put no blanks between words, with the signs they share. */
const SCRIPTS = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
const UNSPACED = new RegExp(`(?:(?![0-9])[${SCRIPTS.map((script) => `\\p{scx=${script}}`).join('')}]\\p{M}*)+`, 'gu');

/** Accents: those that one may type or leave out. Signs of Indic scripts are letters of their word and stay. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Most texts have no other signs, and are read several times as fast so. */
const PLAIN = /^[\0-\x7f]*$/;
const PLAIN_RUN = /[A-Za-z0-9]+/g;

/** A longer run of letters is no word of any language: a key, a line of base64. */
const LONGEST = 40;

/**
 * The words of a text in any script, in order: compatibility forms are one (NFKC), case and accents do not count. Where
 * a script sets no blanks, words overlap: each is two characters, as search engines do it for Chinese and Japanese. That
 * depends on no dictionary, so that training and serving, on whatever Node they run, read the same words.
 */
export function wordsOf(text: string): string[] {
  return splitWords(withoutAccents(text).toLowerCase());
}

/** The same text without what one may type or leave out, in compatibility form. */
export function withoutAccents(text: string): string {
  return PLAIN.test(text) ? text : text.normalize('NFKD').replace(ACCENTS, '').normalize('NFKC');
}

/** The words of a text as they stand there. */
export function splitWords(text: string): string[] {
  if (PLAIN.test(text)) return (text.match(PLAIN_RUN) ?? []).filter((word) => word.length <= LONGEST);
  const words: string[] = [];
  for (const [run] of text.matchAll(RUN)) {
    let end = 0;
    for (const match of run.matchAll(UNSPACED)) {
      addWord(words, run.slice(end, match.index));
      addPairs(words, match[0]);
      end = match.index + match[0].length;
    }
    addWord(words, end === 0 ? run : run.slice(end));
  }
  return words;
}

function addWord(words: string[], word: string): void {
  if (word !== '' && word.length <= LONGEST) words.push(word);
}

function addPairs(words: string[], run: string): void {
  const characters = [...run];
  if (characters.length === 1) words.push(run);
  for (let at = 0; at + 1 < characters.length; at++) words.push(`${characters[at]}${characters[at + 1]}`);
}
