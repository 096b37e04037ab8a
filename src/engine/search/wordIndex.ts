import type { Lexicon } from './lexicon.js';
import type { Language } from './stems.js';

/** Words that stand for one of the query, each with what it counts. */
export interface Asked {
  readonly codes: readonly number[];
  /** By code: 1 for the word itself, less for another. */
  readonly weights: readonly number[];
  /** How often the query says it. */
  readonly times: number;
}

/** Rows that have any of the words; both are valid until the next search, `scores` by row. */
export interface Matches {
  readonly rows: Int32Array;
  readonly scores: Float32Array;
}

/** What a text of a row counts, by its words. */
export interface WeightedText {
  /** In order, in small letters and with their accents. */
  readonly words: readonly string[];
  readonly weight: number;
}

/** Which words stand in which row, and how much a row has to do with some of them. */
export interface WordIndex {
  /** Rows that are there. */
  readonly size: number;
  /** Adds the next row. */
  add(texts: readonly WeightedText[], language: Language): void;
  remove(row: number): void;
  /** Rows that are there and have the word. */
  uses(code: number): number;
  /** Rows that have the words, in no order. */
  search(asked: readonly Asked[]): Matches;
}

/** Of BM25: how soon a word said again says no more, and how much a long text is held against it. */
const SATURATION = 1.2;
const LENGTH = 0.75;
/** A short query is about all of its words: rows that have only some come in where fewer than `ENOUGH` have all. */
const SHORT = 4;
const ENOUGH = 20;
/** A word that a larger share of the rows has is not insisted on. */
const COMMON = 0.2;
/** A word that a larger share of many rows has is not looked for in a long query. */
const EVERYWHERE = 0.5;
const MANY = 1_000;

/**
 * BM25 (Robertson and Zaragoza 2009) with words of one stem counted as one word. Scratch space is kept from search to
 * search, and only what was written is cleared.
 */
export function createWordIndex(lexicon: Lexicon): WordIndex {
  const postings: Postings[] = [];
  /** By row: its words, each once; null for a row that was removed. */
  const wordsOf: (Int32Array | null)[] = [];
  const lengths: number[] = [];
  let size = 0;
  let total = 0;
  let room = makeRoom(0);
  let scored = 0;

  /** Writes the rows that have any of these words to `met`, and their counts to `counts`; answers how many. */
  const gather = ({ codes, weights }: Asked): number => {
    const { counts, gone, met } = room;
    let found = 0;
    for (let at = 0; at < codes.length; at++) {
      const posting = postings[codes[at] ?? 0];
      if (posting === undefined) continue;
      const { rows, times, length } = posting;
      const weight = weights[at] ?? 0;
      for (let place = 0; place < length; place++) {
        const row = rows[place] ?? 0;
        if (gone[row] !== 0) continue;
        const count = counts[row] ?? 0;
        if (count === 0) met[found++] = row;
        counts[row] = count + weight * (times[place] ?? 0);
      }
    }
    return found;
  };

  const isEverywhere = ({ codes }: Asked) =>
    codes.reduce((sum, code) => sum + (postings[code]?.uses ?? 0), 0) > EVERYWHERE * size;
  /** Of a long query the words that tell rows apart. */
  const worthwhile = (asked: readonly Asked[]): readonly Asked[] => {
    if (asked.length <= SHORT || size < MANY) return asked;
    const rare = asked.filter((one) => !isEverywhere(one));
    return rare.length > 0 ? rare : asked;
  };

  return {
    get size() {
      return size;
    },
    add(texts, language) {
      const row = lengths.length;
      if (room.gone.length <= row) room = makeRoom(Math.ceil((row + 1) * 1.5), room);
      const own = new Map<number, number>();
      let length = 0;
      for (const { words, weight } of texts) {
        for (const word of words) {
          const code = lexicon.add(word, language);
          own.set(code, (own.get(code) ?? 0) + weight);
          length += weight;
        }
      }
      for (const [code, count] of own) {
        while (postings.length <= code) postings.push(newPostings());
        const posting = postings[code];
        if (posting !== undefined) post(posting, row, count);
      }
      wordsOf.push(Int32Array.from(own.keys()));
      lengths.push(length);
      total += length;
      size++;
    },
    remove(row) {
      for (const code of wordsOf[row] ?? []) {
        const posting = postings[code];
        if (posting !== undefined) posting.uses--;
      }
      if (wordsOf[row] == null) return;
      wordsOf[row] = null;
      room.gone[row] = 1;
      total -= lengths[row] ?? 0;
      size--;
    },
    uses: (code) => postings[code]?.uses ?? 0,
    search(asked) {
      const { counts, scores, had, met, listed } = room;
      for (let at = 0; at < scored; at++) {
        const row = listed[at] ?? 0;
        scores[row] = 0;
        had[row] = 0;
      }
      scored = 0;
      const mean = size === 0 ? 1 : Math.max(1, total / size);
      let insisted = 0;
      for (const one of worthwhile(asked)) {
        const found = gather(one);
        const rarity = one.times * Math.log(1 + (size - found + 0.5) / (found + 0.5));
        const insists = asked.length <= SHORT && found <= COMMON * size;
        if (insists) insisted++;
        for (let at = 0; at < found; at++) {
          const row = met[at] ?? 0;
          const count = counts[row] ?? 0;
          const score = scores[row] ?? 0;
          counts[row] = 0;
          if (score === 0) listed[scored++] = row;
          const long = 1 - LENGTH + (LENGTH * (lengths[row] ?? 0)) / mean;
          scores[row] = score + (rarity * count * (SATURATION + 1)) / (count + SATURATION * long);
          if (insists) had[row] = (had[row] ?? 0) + 1;
        }
      }
      const some = listed.subarray(0, scored);
      const full = insisted < 2 ? some : some.filter((row) => had[row] === insisted);
      return { rows: full.length < ENOUGH ? some : full, scores };
    },
  };
}

/** Rows that have a word, rising, and what it counts in each. */
interface Postings {
  rows: Int32Array;
  times: Float32Array;
  length: number;
  /** Of the rows, those that are there. */
  uses: number;
}

function newPostings(): Postings {
  return { rows: new Int32Array(4), times: new Float32Array(4), length: 0, uses: 0 };
}

function post(posting: Postings, row: number, times: number): void {
  const { length } = posting;
  if (length === posting.rows.length) {
    const rows = new Int32Array(2 * length);
    const all = new Float32Array(2 * length);
    rows.set(posting.rows);
    all.set(posting.times);
    posting.rows = rows;
    posting.times = all;
  }
  posting.rows[length] = row;
  posting.times[length] = times;
  posting.length++;
  posting.uses++;
}

/** What searches write to, by row; `counts`, `scores` and `had` are zeros between two searches but for what `listed` names. */
interface Room {
  readonly counts: Float32Array;
  readonly scores: Float32Array;
  readonly had: Uint8Array;
  /** Rows in the order they were met, of one word and of all. */
  readonly met: Int32Array;
  readonly listed: Int32Array;
  /** 1 for a row that was removed. */
  readonly gone: Uint8Array;
}

function makeRoom(rows: number, before?: Room): Room {
  const gone = new Uint8Array(rows);
  const listed = new Int32Array(rows);
  const scores = new Float32Array(rows);
  const had = new Uint8Array(rows);
  if (before !== undefined) {
    gone.set(before.gone);
    listed.set(before.listed);
    scores.set(before.scores);
    had.set(before.had);
  }
  return { counts: new Float32Array(rows), scores, had, met: new Int32Array(rows), listed, gone };
}
