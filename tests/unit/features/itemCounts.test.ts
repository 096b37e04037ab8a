import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/domain/clock.js';
import { FEATURES } from '../../../src/features/index.js';
import { countEvent, countOf, countOfAll, emptyCounts, type Tally } from '../../../src/features/itemCounts.js';
import { POSITIVE_WORTH } from '../../../src/features/worth.js';
import { COUNT_HALF_LIVES_MS, TALLIES } from '../../../src/registry/parts/counts.js';
import type { ItemCounts } from '../../../src/registry/snapshot.js';
import { createLookups } from '../../../src/retrieval/lookups.js';
import { createExactIndex } from '../../../src/store/vector/exact.js';
import { queryOf } from '../../helpers/query.js';
import { plantSnapshot, START } from '../../helpers/snapshot.js';

const event = fc.record({
  item: fc.nat(2),
  worth: fc.constantFrom(-4, -1, 0, 0.5, 1, 3, 5),
  time: fc.integer({ min: START - 3 * DAY_MS, max: START }),
});

const WORTH: Readonly<Record<Tally, (worth: number) => number>> = {
  likes: (worth) => (worth >= POSITIVE_WORTH ? 1 : 0),
  meetings: () => 1,
};

describe('counts', () => {
  it('are the sum of what happened, each faded by its age, in whatever order it is told', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.nat(DAY_MS), (events, later) => {
        const counts = emptyCounts(3, POSITIVE_WORTH);
        for (const { item, worth, time } of events) countEvent(counts, item, worth, time);
        const now = START + later;
        for (const item of [0, 1, 2]) {
          for (const tally of TALLIES) {
            for (const [span, halfLife] of COUNT_HALF_LIVES_MS.entries()) {
              const expected = events
                .filter((one) => one.item === item)
                .reduce((sum, { worth, time }) => sum + WORTH[tally](worth) * 0.5 ** ((now - time) / halfLife), 0);
              const found = countOf(counts, item, tally, span, now);
              expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-5 * (1 + expected));
            }
          }
        }
      }),
    );
  });

  it('do not grow when they are read before the newest event, and know nothing of an item that came later', () => {
    const counts = emptyCounts(1, POSITIVE_WORTH);
    countEvent(counts, 0, 3, START);
    expect(countOf(counts, 0, 'likes', 0, START - DAY_MS)).toBe(1);
    for (const item of [1, 7, -1]) {
      countEvent(counts, item, 3, START);
      expect(countOf(counts, item, 'likes', 0, START)).toBe(0);
    }
    expect(countOfAll(counts, 'likes', 0, START)).toBe(1);
  });

  it('count everything together too', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const counts = emptyCounts(3, POSITIVE_WORTH);
        for (const { item, worth, time } of events) countEvent(counts, item, worth, time);
        for (const tally of TALLIES) {
          const sum = [0, 1, 2].reduce((all, item) => all + countOf(counts, item, tally, 3, START), 0);
          expect(countOfAll(counts, tally, 3, START)).toBeCloseTo(sum, 3);
        }
      }),
    );
  });

  it('take a look for a like in a log of looks alone', () => {
    const counts = emptyCounts(1, Number.MIN_VALUE);
    countEvent(counts, 0, 1, START);
    countEvent(counts, 0, -1, START);
    expect(countOf(counts, 0, 'likes', 3, START)).toBe(1);
    expect(countOf(counts, 0, 'meetings', 3, START)).toBe(2);
  });
});

describe('the features of what happened lately', () => {
  const { snapshot } = plantSnapshot();
  const { person, setting } = queryOf(snapshot);
  const { factors } = createLookups(createExactIndex);
  const trusted = { shapes: new Float64Array(4).fill(2), strengths: new Float64Array(4).fill(10) };
  const read = (name: string, counts: ItemCounts, now = START, trust = trusted) => {
    const out = new Float32Array(2).fill(Number.NaN);
    const priorSum = snapshot.popularPrior.reduce((sum, value) => sum + value, 0);
    const catalogue = { ...snapshot, counts: { ...counts, rate: 0.25, priorSum, ...trust } };
    const candidates = { items: Int32Array.of(0, 1), sources: [], columns: new Map() };
    const feature = FEATURES.find((one) => one.name === name);
    feature?.compute({ taste: person.taste, catalogue, setting, counts, now, factors }, candidates, out, new Map());
    return out;
  };
  const counted = (times: readonly number[], worth = 3) => {
    const counts = emptyCounts(snapshot.items.size, POSITIVE_WORTH);
    for (const time of times) countEvent(counts, 0, worth, time);
    return counts;
  };
  const minutely = (count: number, from = START) => Array.from({ length: count }, (_, n) => from - n * MINUTE_MS);
  const SPANS = ['recent_5m', 'recent_1h', 'recent_1d', 'recent_1w'];

  it('tell what is taken to more than it is popular, and fade by their half-lives', () => {
    const counts = counted(minutely(20));
    const first = (name: string, now: number) => read(name, counts, now)[0] ?? Number.NaN;
    for (const name of SPANS) {
      expect(first(name, START)).toBeGreaterThan(0.5);
      expect(read(name, counts)[1]).toBeLessThan(0);
      expect(first(name, START)).toBeLessThanOrEqual(3);
    }
    expect(first('recent_5m', START + HOUR_MS)).toBeLessThan(0.01);
    expect(first('recent_1w', START + HOUR_MS)).toBeGreaterThan(0.98 * first('recent_1w', START));
    for (const name of SPANS) expect([...read(name, counted([]))]).toEqual([0, 0]);
  });

  it('tell the share that takes to an item, against that of everything, the surer the more met it', () => {
    const rate = (counts: ItemCounts) => read('like_rate_1w', counts)[0] ?? Number.NaN;
    expect(rate(counted(minutely(3)))).toBeGreaterThan(0);
    expect(rate(counted(minutely(300)))).toBeGreaterThan(rate(counted(minutely(3))));
    expect(rate(counted(minutely(300)))).toBeLessThanOrEqual(0.75);
    expect(rate(counted(minutely(300), -1))).toBeLessThan(-0.2);
    expect(rate(counted([]))).toBe(0);
  });

  it('say nothing where counts foretold nothing', () => {
    const nothing = { shapes: new Float64Array(4).fill(Infinity), strengths: new Float64Array(4).fill(Infinity) };
    for (const name of [...SPANS, 'like_rate_1d', 'like_rate_1w']) {
      expect([...read(name, counted(minutely(50)), START, nothing)]).toEqual([0, 0]);
    }
  });
});
