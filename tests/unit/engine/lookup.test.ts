import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine } from '../../../src/engine/lookup/cosine.js';
import { keepBest } from '../../../src/retrieval/best.js';
import { createLookups } from '../../../src/retrieval/lookups.js';
import { createExactIndex } from '../../../src/store/vector/exact.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

describe('keepBest', () => {
  it('answers what sorting everything would', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 0, max: 50 }), (scores, count) => {
        const best = keepBest(count);
        scores.forEach((score, item) => {
          best.offer(item, score);
        });
        const sorted = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, count);
        const { items, scores: kept } = best.take();
        expect([...items]).toEqual(sorted);
        expect([...kept]).toEqual(sorted.map((item) => scores[item]));
      }),
    );
  });
});

describe('lookups', () => {
  const { snapshot } = plantSnapshot();
  const made: number[] = [];
  const lookups = createLookups((vectors, dimensions) => {
    made.push(vectors.length / dimensions);
    return createExactIndex(vectors, dimensions);
  });

  it('make one index per model', () => {
    const index = lookups.indexOf(snapshot.collaborative);
    expect(lookups.indexOf(snapshot.collaborative)).toBe(index);
    expect(lookups.indexOf(plantSnapshot({ itemsPerGroup: 5 }).snapshot.collaborative)).not.toBe(index);
    expect(made).toEqual([60, 15]);
  });

  it('gather what a matrix product would, call after call', () => {
    const { items } = snapshot;
    const { offsets, indices, values } = items.tags;
    const product = (weights: ReadonlyMap<number, number>) =>
      items.ids
        .map((_, item) => {
          let sum = 0;
          for (let at = offsets[item] ?? 0; at < (offsets[item + 1] ?? 0); at++) {
            sum += (weights.get(indices[at] ?? 0) ?? 0) * (values[at] ?? 0);
          }
          return { item, sum };
        })
        .filter(({ sum }) => sum > 0);
    const tags = fc.uniqueArray(fc.integer({ min: 0, max: items.tagNames.length - 1 }));
    fc.assert(
      fc.property(tags, (tags) => {
        const weights = new Map(tags.map((tag, at) => [tag, 1 / (at + 1)]));
        const gathered = new Map<number, number>();
        lookups.postingsOf(items).gather(weights, (item, score) => {
          expect(gathered.has(item)).toBe(false);
          gathered.set(item, score);
        });
        const expected = product(weights);
        expect(gathered.size).toBe(expected.length);
        for (const { item, sum } of expected) expect(gathered.get(item)).toBeCloseTo(sum, 5);
      }),
    );
  });
});

describe('cosine', () => {
  it('is 1 for an item with itself and 0 where one has no factors', () => {
    const model = {
      ...plantSnapshot().snapshot.collaborative,
      dimensions: 2,
      itemFactors: Float32Array.of(3, 4, 0, 0, -6, -8),
    };
    expect([cosine(model, 0, 0), cosine(model, 0, 1), cosine(model, 0, 2)]).toEqual([1, 0, -1]);
  });
});
