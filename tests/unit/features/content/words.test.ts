import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../../../src/features/content/words.js';

describe('wordsOf', () => {
  it.each([
    ['Big-Head, 2 noses!', ['big', 'head', '2', 'noses']],
    ['Ｆｕｌｌ ｗｉｄｔｈ ﬁne', ['full', 'width', 'fine']],
    ['Café CAFÉ cafe', ['cafe', 'cafe', 'cafe']],
    ['Ёлка й İzmir', ['елка', 'и', 'izmir']],
    ['Ελληνικά', ['ελληνικα']],
    ['مرحبا بالعالم', ['مرحبا', 'بالعالم']],
    ['हिन्दी में', ['हिन्दी', 'में']],
    ['한국어 검색', ['한국어', '검색']],
    ['機械学習 の本', ['機械', '械学', '学習', 'の本']],
    ['カメラ', ['カメ', 'メラ']],
    ['iPhone用ケース2個', ['iphone', '用ケ', 'ケー', 'ース', '2', '個']],
    ['猫', ['猫']],
    ['🎬 … --', []],
    ['', []],
  ])('reads %s', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('passes over what is no word of any language', () => {
    expect(wordsOf(`${'a'.repeat(40)} ${'b'.repeat(41)} c`)).toEqual(['a'.repeat(40), 'c']);
  });

  it('says the same whatever the form and case of the text, and never an empty word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = wordsOf(text);
        expect(words).not.toContain('');
        expect(wordsOf(text.normalize('NFD'))).toEqual(words);
        for (const word of words) expect(wordsOf(word)).toEqual([word]);
      }),
    );
  });
});
