import { describe, expect, it } from 'vitest';
import { highlight } from '../../../../src/engine/search/highlight.js';

const mark = (text: string, ...found: string[]) => highlight(text, new Set(found));

describe('highlights', () => {
  it('mark words as they stand there', () => {
    expect(mark('Fox Ears, fox', 'fox')).toBe('<mark>Fox</mark> Ears, <mark>fox</mark>');
  });

  it('know words without their accents, in either form of writing them', () => {
    expect(mark('Café', 'cafe')).toBe('<mark>Café</mark>');
    expect(mark('Café'.normalize('NFD'), 'cafe')).toBe(`<mark>${'Café'.normalize('NFD')}</mark>`);
  });

  it('mark pairs where a script sets no blanks', () => {
    expect(mark('東京タワー', '京タ', 'タワ')).toBe('東<mark>京タワ</mark>ー');
  });

  it('escape everything else', () => {
    expect(mark('<b>fox</b> & "owl"', 'fox')).toBe('&lt;b&gt;<mark>fox</mark>&lt;/b&gt; &amp; &quot;owl&quot;');
  });

  it('are none where nothing was found', () => {
    expect(mark('Owl', 'fox')).toBeNull();
    expect(mark('', 'fox')).toBeNull();
  });

  it('show a part of a long text', () => {
    const text = `${'before '.repeat(60)}fox ${'after '.repeat(60)}`;
    const excerpt = mark(text, 'fox') ?? '';
    expect(excerpt).toMatch(/^….*<mark>fox<\/mark>.*…$/);
    expect(excerpt.length).toBeLessThan(260);
  });

  it('never cut a sign in two', () => {
    const excerpt = mark(`${'🦊'.repeat(150)}fox${'🦊'.repeat(150)}`, 'fox') ?? '';
    expect(excerpt).not.toMatch(/\p{Cs}/u);
  });
});
