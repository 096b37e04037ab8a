import { describe, expect, it } from 'vitest';
import { placeByContent } from '../../../../src/features/content/place.js';
import { type Described, termsOf, termsOfText } from '../../../../src/features/content/terms.js';
import { itemVector, textVector } from '../../../../src/features/content/vector.js';
import { openVocabulary } from '../../../../src/registry/vocabulary.js';

const item: Described = {
  kind: 'lens',
  title: 'Red Panda',
  description: 'A panda, half you.',
  category: 'animals',
  tags: [' Panda ', 'panda', 'wild ears'],
  authorId: 'ana',
  attributes: { faces: 2, sound: true, mode: 'front', moods: ['calm', null], more: { deep: 1 }, text: 'x'.repeat(65) },
};

describe('termsOf', () => {
  it('names what an item says: words, tags, category, author, kind and simple attributes', () => {
    expect([...termsOf(item).keys()].sort()).toEqual(
      [
        ...['a', 'ears', 'half', 'panda', 'red', 'wild', 'you'],
        ...['author:ana', 'category:animals', 'kind:lens', 'tag:panda', 'tag:wild ears'],
        ...['is:faces=2', 'is:mode=front', 'is:moods=calm', 'is:sound=true'],
      ].sort(),
    );
  });

  it('lets a word of title, tag and description count more than one of the description alone, but not many times as much', () => {
    const terms = termsOf(item);
    const often = terms.get('panda') ?? 0;
    const once = terms.get('half') ?? 0;
    expect(often).toBeGreaterThan(once);
    expect(often).toBeLessThan(4 * once);
  });
});

const space = {
  dimensions: 2,
  vocabulary: openVocabulary(['cat', 'panda', 'tag:panda']),
  projection: Float32Array.of(0, 3, 2, 0, 1, 0),
};

describe('a content vector', () => {
  it('has length 1 and the direction of the known terms', () => {
    const vector = itemVector(space, { ...item, title: 'Panda and cat' });
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    expect((vector[0] ?? 0) / (vector[1] ?? 1)).toBeCloseTo(
      (2 * Math.log1p(1 + 0.5 + 0.5) + Math.log1p(2)) / (3 * Math.log1p(1)),
      5,
    );
    expect(textVector(space, 'CAT')).toEqual(Float32Array.of(0, 1));
    expect(termsOfText('cat cat').get('cat')).toBeCloseTo(Math.log1p(2), 6);
  });

  it('is all zero where nothing is known, and stands at the origin of every model', () => {
    expect(textVector(space, 'дом')).toEqual(new Float32Array(2));
    expect(placeByContent(Float32Array.of(1, 2, 3, 4, 5, 6), new Float32Array(2))).toEqual(new Float32Array(2));
    expect(placeByContent(Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(0, 1))).toEqual(Float32Array.of(8, 10));
  });
});
