import { splitWords } from '../../features/content/words.js';
import { foldWord } from './stems.js';

const OPEN = '<mark>';
const CLOSE = '</mark>';
/** Letters and digits of any script with their marks, as `splitWords` reads them. */
const RUN = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;
/** Signs of an excerpt, and those it shows before the first match. */
const LONGEST = 200;
const BEFORE = 60;

/**
 * A text with what was found in it between `<mark>` and `</mark>`, shortened around the first match; everything else is
 * escaped for HTML, so that it can be put into a page as it is. Null where nothing was found in it. `found` has words as
 * they are compared: small letters without accents.
 */
export function highlight(text: string, found: ReadonlySet<string>): string | null {
  const marks: (readonly [start: number, end: number])[] = [];
  for (const match of text.matchAll(RUN)) {
    for (const [start, end] of marksIn(match[0], found)) marks.push([match.index + start, match.index + end]);
  }
  const first = marks[0];
  if (first === undefined) return null;
  const from = text.length <= LONGEST ? 0 : cutAt(text, first[0] - BEFORE);
  const to = text.length <= LONGEST ? text.length : cutAt(text, Math.max(from + LONGEST, first[1]));
  let out = from > 0 ? '…' : '';
  let at = from;
  for (const [start, end] of marks) {
    if (end > to) break;
    out += escapeHtml(text.slice(at, start)) + OPEN + escapeHtml(text.slice(start, end)) + CLOSE;
    at = end;
  }
  return out + escapeHtml(text.slice(at, to)) + (to < text.length ? '…' : '');
}

/** Places of a run that were found: the whole of it, or, where a script sets no blanks, the pairs that were. */
function marksIn(run: string, found: ReadonlySet<string>): (readonly [number, number])[] {
  const words = splitWords(run.normalize('NFKC').toLowerCase()).map(foldWord);
  if (words.length === 1) return found.has(words[0] ?? '') ? [[0, run.length]] : [];
  const marks: [number, number][] = [];
  for (const word of new Set(words)) {
    if (!found.has(word)) continue;
    const folded = run.toLowerCase();
    // Where folding moved letters nothing is marked: better than the wrong ones.
    if (folded.length !== run.length) continue;
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) marks.push([at, at + word.length]);
  }
  return joined(marks);
}

/** Overlapping places as one. */
function joined(marks: readonly [number, number][]): [number, number][] {
  const whole: [number, number][] = [];
  for (const [start, end] of [...marks].sort((a, b) => a[0] - b[0])) {
    const last = whole.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else whole.push([start, end]);
  }
  return whole;
}

/** Not between the halves of a surrogate pair, and at a blank where one is near. */
function cutAt(text: string, wanted: number): number {
  const at = Math.min(Math.max(wanted, 0), text.length);
  if (at === 0 || at === text.length) return at;
  const blank = text.indexOf(' ', at);
  if (blank >= 0 && blank - at < 16) return blank;
  const half = text.charCodeAt(at);
  return half >= 0xdc00 && half <= 0xdfff ? at + 1 : at;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
