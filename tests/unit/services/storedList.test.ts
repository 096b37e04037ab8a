import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeList, encodeList, keepOnly, type StoredList } from '../../../src/services/recommendations/storedList.js';

// JSON has no −0.
const number = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const list = fc.integer({ min: 0, max: 5 }).chain((size) => {
  const many = <T>(of: fc.Arbitrary<T>, length = size) => fc.array(of, { minLength: length, maxLength: length });
  const source = fc.record({
    name: fc.string(),
    // A source that did not name an item has no score for it.
    scores: many(fc.oneof(number, fc.constant(Number.NaN))).map((values) => Float32Array.from(values)),
    ranks: many(fc.integer({ min: -1, max: 500 })).map((values) => Int32Array.from(values)),
  });
  const because = fc.option(fc.record({ itemId: fc.string(), liked: fc.boolean() }));
  return fc.record<StoredList>({
    version: fc.string(),
    degraded: fc.constantFrom('NONE', 'HEURISTIC_RANKER', 'POPULAR', 'EMPTY'),
    total: fc.nat(),
    items: many(
      fc.record({
        itemId: fc.string(),
        score: number,
        source: fc.string(),
        reason: fc.record({ text: fc.string(), because }),
        rules: fc.array(fc.string()),
        propensity: number,
      }),
    ).map((items) => items.map((item, at) => ({ ...item, itemId: `${item.itemId} ${at}` }))),
    evidence: fc.record({
      sources: fc.array(source, { maxLength: 3 }),
      features: fc.constant(['a', 'b']),
      matrix: many(number, 2 * size).map((values) => Float32Array.from(values)),
    }),
  });
});

describe('a stored list', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(list, (one) => {
        expect(decodeList(encodeList(one))).toEqual(one);
      }),
    );
  });

  it('is nothing where something else was written', () => {
    for (const text of ['', 'null', '{"v":"1"}', '{"v":"1","d":"NONE","n":0,"i":[],"s":[],"f":[],"m":"?"}']) {
      expect(decodeList(text)).toBeNull();
    }
  });

  it('keeps the evidence beside its items', () => {
    fc.assert(
      fc.property(list, fc.infiniteStream(fc.boolean()), (one, choice) => {
        const places = [...one.items.keys()].filter(() => choice.next().value);
        const kept = keepOnly(one, new Set(places.map((at) => one.items[at]?.itemId ?? '')));
        expect(kept.items).toEqual(places.map((at) => one.items[at]));
        expect([...kept.evidence.matrix]).toEqual(
          places.flatMap((at) => [...one.evidence.matrix.slice(2 * at, 2 * at + 2)]),
        );
        for (const [n, { ranks }] of kept.evidence.sources.entries()) {
          expect([...ranks]).toEqual(places.map((at) => one.evidence.sources[n]?.ranks[at]));
        }
      }),
    );
  });
});
