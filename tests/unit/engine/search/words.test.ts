import { describe, expect, it } from 'vitest';
import { createLexicon } from '../../../../src/engine/search/lexicon.js';
import { readQuery } from '../../../../src/engine/search/readQuery.js';
import { editsBetween, toleratedEdits } from '../../../../src/engine/search/spelling.js';
import { createStem, type Language, languageOfTag } from '../../../../src/engine/search/stems.js';
import { createWordIndex } from '../../../../src/engine/search/wordIndex.js';

const stem = createStem();

describe('stems', () => {
  it.each<[string, string, Language]>([
    ['running', 'runs', 'en'],
    ['häuser', 'haus', 'de'],
    ['chansons', 'chanson', 'fr'],
    ['canciones', 'canción', 'es'],
    ['книги', 'книга', 'ru'],
  ])('of %s and %s are one', (a, b, language) => {
    expect(stem(a, language)).toBe(stem(b, language));
  });

  it('go by the script of a word before the language of its text', () => {
    expect(stem('книги', 'en')).toBe(stem('книга', 'de'));
  });

  it('of numbers, and of scripts without a stemmer, are the words themselves', () => {
    expect(stem('1080s', 'en')).toBe('1080s');
    expect(stem('東京', 'en')).toBe('東京');
  });

  it('belong to a language however it is written', () => {
    expect(['de', 'DE-at', 'nb_NO', 'xx', ''].map(languageOfTag)).toEqual(['de', 'de', 'no', null, null]);
  });
});

describe('slips', () => {
  it.each([
    ['fox', 'fox', 0],
    ['fxo', 'fox', 1],
    ['eras', 'ears', 1],
    ['fo', 'fox', 1],
    ['foxx', 'fox', 1],
    ['fix', 'fox', 1],
    ['glasses', 'galsess', 2],
    ['abc', 'xyz', 3],
  ])('%s and %s are %i apart', (a, b, edits) => {
    expect(editsBetween(a, b, 3)).toBe(edits);
    expect(editsBetween(b, a, 3)).toBe(edits);
  });

  it('beyond the most are not counted', () => {
    expect(editsBetween('abc', 'xyz', 1)).toBe(2);
    expect(editsBetween('a', 'abcdef', 2)).toBe(3);
  });

  it('are tolerated in words that are long enough, and in no number', () => {
    expect(['ab', 'fox', 'glasses', 'sunglasses', '12345678'].map(toleratedEdits)).toEqual([0, 1, 1, 2, 0]);
  });
});

describe('a query', () => {
  const lexicon = createLexicon(stem);
  const index = createWordIndex(lexicon);
  const texts = ['golden fox ears', 'foxes at night', 'ears of a bunny', 'sunglasses', 'gold'];
  for (const text of texts) index.add([{ words: text.split(' '), weight: 1 }], 'en');
  const read = (text: string) => readQuery(text, lexicon, index);
  const wordsOf = (text: string) => [...read(text).found].sort();

  it('stands for the forms of its words, whatever their case', () => {
    expect(wordsOf('FOX')).toEqual(['fox', 'foxes']);
    expect(read('FOX').didYouMean).toBeNull();
  });

  it('with slips stands for what may have been meant, and says so', () => {
    expect(wordsOf('fxo eras')).toEqual(['ears', 'fox', 'foxes']);
    expect(read('fxo eras').didYouMean).toBe('fox ears');
  });

  it('with a beginning stands for what begins so, without a word about it', () => {
    expect(wordsOf('sungl')).toEqual(['sunglasses']);
    expect(read('sungl').didYouMean).toBeNull();
  });

  it('leaves a word that exists as it is, though others begin with it', () => {
    expect(wordsOf('gold')).toEqual(['gold']);
  });

  it('of nothing known finds nothing', () => {
    expect(wordsOf('zzzzzz !!! 🦊')).toEqual([]);
    expect(read('zzzzzz').didYouMean).toBeNull();
  });

  it('does not find words of what was removed', () => {
    const row = texts.length;
    index.add([{ words: ['zeppelin'], weight: 1 }], 'en');
    expect(wordsOf('zeppelin')).toEqual(['zeppelin']);
    index.remove(row);
    expect(wordsOf('zeppelin')).toEqual([]);
  });
});

describe('the word index', () => {
  const rank = (texts: readonly string[], query: string) => {
    const lexicon = createLexicon(stem);
    const index = createWordIndex(lexicon);
    for (const text of texts) index.add([{ words: text.split(' '), weight: 1 }], 'en');
    const { rows, scores } = index.search(readQuery(query, lexicon, index).asked);
    return [...rows].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).map((row) => [row, scores[row]]);
  };

  it('scores as BM25 does', () => {
    const [best, second] = rank(['fox ears', 'fox', 'owl', 'owl owl owl owl'], 'fox');
    const rarity = Math.log(1 + 2.5 / 2.5);
    const bm25 = (length: number) => (rarity * 2.2) / (1 + 1.2 * (0.25 + (0.75 * length) / 2));
    expect(best?.[0]).toBe(1);
    expect(best?.[1]).toBeCloseTo(bm25(1), 5);
    expect(second?.[1]).toBeCloseTo(bm25(2), 5);
  });

  it('counts the forms of a word as one word', () => {
    const [first] = rank(['fox foxes', 'fox owl', 'owl owl'], 'fox');
    expect(first?.[0]).toBe(0);
  });

  it('wants every word of a short query where enough have them', () => {
    const both = Array.from({ length: 30 }, () => 'red fox');
    const other = Array.from({ length: 500 }, () => 'grey owl');
    const found = rank([...both, 'fox', 'red', ...other], 'red fox').map(([row]) => row);
    expect(found).toEqual(Array.from({ length: 30 }, (_, row) => row));
    expect(rank(['red fox', 'fox', 'red', ...other], 'red fox')).toHaveLength(3);
  });
});
