import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatalogueIndex } from '../../src/engine/search/catalogueIndex.js';
import { fuse } from '../../src/engine/search/fuse.js';
import { highlight } from '../../src/engine/search/highlight.js';
import { editsBetween } from '../../src/engine/search/spelling.js';
import { createStem, isLanguage } from '../../src/engine/search/stems.js';
import { decodeCursor } from '../../src/services/search/cursor.js';
import { createExactIndex } from '../../src/store/vector/exact.js';
import { lens } from '../helpers/lenses.js';

/** Words of all scripts, signs that mean something to someone, names that objects have of themselves. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(
    'constructor',
    '__proto__ toString',
    '\0',
    '%',
    '((((',
    '"\\',
    'a'.repeat(300),
    'ﬃ ﬁ',
    '東京',
    'ß İ ı',
    '🦊'.repeat(40),
  ),
  fc
    .array(fc.constantFrom('fox', 'fxo', 'ears', 'EARS', 'owl', '12', '__proto__', '東京タワー', 'книги'), {
      maxLength: 9,
    })
    .map((words) => words.join(' ')),
);

const newIndex = () =>
  createCatalogueIndex({
    encoder: null,
    createIndex: createExactIndex,
    language: 'en',
    popularityOf: () => 0,
    name: 'test',
    onFailure: () => {},
  });

describe('search', () => {
  it('never fails, whatever is asked of whatever items', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ title: hostile, description: fc.option(hostile), tags: fc.array(hostile, { maxLength: 3 }) }),
          { maxLength: 8 },
        ),
        fc.array(hostile, { minLength: 1, maxLength: 4 }),
        async (texts, queries) => {
          const index = newIndex();
          await index.put(texts.map((parts, at) => lens(`lens-${at}`, parts)));
          for (const query of queries) {
            const { items, total, facets } = await index.search({ query, filter: null, exclusions: [] });
            expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
            expect(total).toBe(items.length);
            expect(facets.kind.reduce((sum, { count }) => sum + count, 0)).toBe(total);
            for (const { score } of items) expect(score > 0 && score <= 1).toBe(true);
            for (const { title } of texts) highlight(title, index.wordsFor(query));
            expect(index.suggest(query, 5, []).length).toBeLessThanOrEqual(5);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('finds every item by its own title, if that has a word', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 12 }),
        async (titles) => {
          const index = newIndex();
          await index.put(titles.map((title, at) => lens(`${at}`, { title })));
          for (const [at, title] of titles.entries()) {
            const { items } = await index.search({ query: title, filter: null, exclusions: [] });
            if (/[\p{L}\p{N}]/u.test(title.normalize('NFKC'))) expect(items.map(({ id }) => id)).toContain(`${at}`);
            else expect(items).toEqual([]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('marks up nothing but `mark`', () => {
    fc.assert(
      fc.property(hostile, fc.array(hostile), (text, found) => {
        const marked = highlight(text, new Set(found)) ?? '';
        expect(marked.replaceAll(/<\/?mark>/g, '')).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('refuses every cursor it did not make', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(() => decodeCursor(text, 'a'.repeat(22))).toThrow('after must be a cursor');
        expect(() => decodeCursor(Buffer.from(text).toString('base64url'), 'a'.repeat(22))).toThrow('after must be');
      }),
    );
  });

  it('stems without failing, and alike each time', () => {
    const stem = createStem();
    const languages = ['ar', 'de', 'en', 'fi', 'fr', 'ga', 'ru', 'ta', 'tr'].filter(isLanguage);
    fc.assert(
      fc.property(hostile, fc.constantFrom(...languages), (word, language) => {
        expect(stem(word.toLowerCase(), language)).toBe(stem(word.toLowerCase(), language));
      }),
    );
  });

  it('counts edits as a distance does', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editsBetween(a, b, 9)).toBe(editsBetween(b, a, 9));
        expect(editsBetween(a, b, 9) === 0).toBe(a === b);
        expect(editsBetween(a, b, 1)).toBe(Math.min(2, editsBetween(a, b, 9)));
      }),
    );
  });

  it('fuses without losing or doubling a row', () => {
    const ranking = fc
      .tuple(fc.uniqueArray(fc.nat(30)), fc.double({ min: 0.1, max: 2, noNaN: true }))
      .map(([rows, weight]) => ({ rows, scores: rows.map((_, at) => -at), weight }));
    fc.assert(
      fc.property(fc.array(ranking, { minLength: 1, maxLength: 3 }), (rankings) => {
        const fused = fuse(rankings, () => 0);
        expect(fused.map(({ row }) => row).sort()).toEqual([...new Set(rankings.flatMap(({ rows }) => rows))].sort());
        for (const [at, { score }] of fused.entries())
          if (at > 0) expect(score).toBeLessThanOrEqual(fused[at - 1]?.score ?? 0);
      }),
    );
  });
});
