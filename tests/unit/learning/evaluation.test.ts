import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/domain/entities.js';
import { estimate, meanOf, resampleMeans } from '../../../src/learning/evaluation/bootstrap.js';
import { coverage } from '../../../src/learning/evaluation/coverage.js';
import { estimatesOf } from '../../../src/learning/evaluation/estimates.js';
import { FIGURES, figureColumns } from '../../../src/learning/evaluation/figures.js';
import { gini } from '../../../src/learning/evaluation/gini.js';
import { intraListDiversity } from '../../../src/learning/evaluation/intraListDiversity.js';
import { fillUp } from '../../../src/learning/evaluation/models/popularity.js';
import { selfInformation } from '../../../src/learning/evaluation/novelty.js';
import { peoplePerItem, slicer } from '../../../src/learning/evaluation/slices.js';
import { buildItemTable } from '../../../src/registry/itemTable.js';
import { itemId, plant, START, tableOf, userId } from '../../learning/planted.js';

describe('metrics of many lists', () => {
  it('coverage is the share of items that anyone was shown', () => {
    expect(coverage(Int32Array.of(0, 3, 1, 0))).toBe(0.5);
    expect(coverage(new Int32Array(0))).toBe(0);
  });

  it('Gini is 0 when exposure is even and 1 − 1/n when one item has it all', () => {
    expect(gini(Int32Array.of(2, 2, 2, 2))).toBe(0);
    expect(gini(Int32Array.of(0, 0, 0, 8))).toBe(0.75);
    // The differences of all nine pairs sum to 12; over 2 · 3 items · 4 lists that is a half.
    expect(gini(Int32Array.of(1, 0, 3))).toBeCloseTo(0.5, 12);
    expect(gini(Int32Array.of(0, 0))).toBe(0);
  });

  it('Gini is half the relative mean difference, whatever the order and the scale', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 12 }), (counts) => {
        const total = counts.reduce((sum, count) => sum + count, 0);
        const differences = counts.flatMap((a) => counts.map((b) => Math.abs(a - b)));
        const expected = total === 0 ? 0 : differences.reduce((sum, one) => sum + one, 0) / (2 * counts.length * total);
        expect(gini(Int32Array.from(counts))).toBeCloseTo(expected, 10);
        expect(gini(Int32Array.from(counts.toReversed(), (count) => 3 * count))).toBeCloseTo(expected, 10);
      }),
    );
  });

  it('self-information is in bits: half of the people is one, nobody counts as one person', () => {
    expect([...selfInformation(Int32Array.of(8, 4, 1, 0), 8)]).toEqual([0, 1, 3, 3]);
  });

  it('diversity is the mean distance of pairs, by what is known of both', () => {
    const [bare] = plant({ items: 1 }).items;
    if (bare === undefined) throw new Error('the world has an item');
    const item = (id: string, category: string | null, tags: readonly string[]): Item => ({
      ...bare,
      id,
      category,
      tags,
    });
    const table = buildItemTable(
      [item('a', 'x', ['red']), item('b', 'x', ['red']), item('c', 'y', []), item('d', null, [])],
      new Float32Array(4),
    );
    const of = (...list: number[]) => intraListDiversity(table, Int32Array.from(list));
    expect(of(0, 1)).toBeCloseTo(0, 6);
    expect(of(0, 2)).toBe(1);
    // Pairs: a–b 0, a–c 1, b–c 1; with d nothing can be compared.
    expect(of(0, 1, 2, 3)).toBeCloseTo(2 / 3, 6);
    expect(of(0, 3)).toBeNaN();
    expect(of(0)).toBeNaN();
  });
});

describe('figures of one list', () => {
  const list = fc.uniqueArray(fc.nat({ max: 40 }), { minLength: 0, maxLength: 20 });
  const right = fc.uniqueArray(fc.nat({ max: 40 }), { minLength: 1, maxLength: 20 }).map((items) => new Set(items));

  it('lie between 0 and 1, and are 1 for a list of all that is right', () => {
    fc.assert(
      fc.property(list, right, (ranked, wanted) => {
        for (const [, measure] of FIGURES) {
          const value = measure(Int32Array.from(ranked), wanted);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
        for (const [name, measure] of FIGURES) {
          if (name !== 'recall@10') expect(measure(Int32Array.from(wanted), wanted)).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  it('never fall when a wrong item makes way for a right one', () => {
    fc.assert(
      fc.property(list, right, fc.nat(), (ranked, wanted, place) => {
        const at = ranked.length === 0 ? 0 : place % ranked.length;
        const missing = [...wanted].find((item) => !ranked.includes(item));
        fc.pre(missing !== undefined && ranked.length > 0 && !wanted.has(ranked[at] ?? -1));
        const better = ranked.with(at, missing ?? 0);
        for (const [, measure] of FIGURES) {
          expect(measure(Int32Array.from(better), wanted)).toBeGreaterThanOrEqual(
            measure(Int32Array.from(ranked), wanted),
          );
        }
      }),
    );
  });
});

describe('intervals', () => {
  it('are the percentiles of what the draws gave', () => {
    const draws = Float64Array.from({ length: 1001 }, (_, at) => (1000 - at) / 1000);
    expect(estimate(0.4, draws)).toEqual({ mean: 0.4, low: 0.025, high: 0.975 });
  });

  it('are the same for the same seed, have no width where everyone agrees, and cover the spread of a coin', async () => {
    const coin = Float64Array.from({ length: 400 }, (_, at) => at % 2);
    const same = new Float64Array(400).fill(0.25);
    const [tossed = coin, agreed = same] = await resampleMeans([coin, same], 5);
    expect(await resampleMeans([coin, same], 5)).toEqual([tossed, agreed]);
    expect((await resampleMeans([coin], 6))[0]).not.toEqual(tossed);
    expect(estimate(0.25, agreed)).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
    const { low, high } = estimate(meanOf(coin), tossed);
    // The standard error of 400 tosses is 0.025: about two of them to each side.
    expect(low).toBeGreaterThan(0.43);
    expect(low).toBeLessThan(0.47);
    expect(high).toBeGreaterThan(0.53);
    expect(high).toBeLessThan(0.57);
  });

  it('of a lead are made on the same people: a model that is always twice as good is so in every draw', async () => {
    const weak = figureColumns(30, ['recall@10']);
    const strong = figureColumns(30, ['recall@10']);
    for (let person = 0; person < 30; person++) {
      const right = new Set([0, 1, 2 + (person % 3)]);
      weak.set(person, Int32Array.of(0), right);
      strong.set(person, Int32Array.of(0, 1), right);
    }
    const estimates = await estimatesOf([weak, strong], 1);
    expect(estimates.figures[0]?.['recall@10']?.mean).toBeCloseTo(1 / 3, 12);
    for (const end of Object.values(estimates.lead('recall@10', 1, 0) ?? {})) expect(end).toBeCloseTo(1, 9);
    expect(estimates.lead('recall@10', 0, 2)).toBeNull();
  });
});

describe('slices', () => {
  it('tell known people from new ones, and the head from the tail and the untouched', () => {
    // Item 0 is met by three people, 1 to 4 by one each, 5 by nobody; user 3 did nothing in the training slice.
    const met = [
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 0],
      [0, 1],
      [1, 2],
      [2, 3],
      [2, 4],
    ] as const;
    const events = met.map(([user, item]) => ({
      userId: userId(user),
      itemId: itemId(item),
      action: 'LIKE' as const,
      value: null,
      occurredAt: START,
    }));
    const table = { ...tableOf({ items: plant({ items: 6 }).items, events }), userCount: 4 };
    const metBy = peoplePerItem(table);
    expect([...metBy]).toEqual([3, 1, 1, 1, 1, 0]);
    const rightIn = slicer(table, metBy);
    const right = Int32Array.of(0, 1, 5);
    const part = (slice: Parameters<typeof rightIn>[0], user: number) => [
      ...rightIn(slice, { user, now: 0, right, promised: null }),
    ];
    expect(part('known people', 0)).toEqual([0, 1, 5]);
    expect(part('new people', 0)).toEqual([]);
    expect(part('known people', 3)).toEqual([]);
    expect(part('new people', 3)).toEqual([0, 1, 5]);
    expect(part('new items', 0)).toEqual([5]);
    expect(part('tail items', 0)).toEqual([1]);
  });
});

describe('the baselines', () => {
  it('go on with what is popular, never with what was seen or is there already', () => {
    const popular = Int32Array.of(4, 3, 2, 1, 0);
    expect([...fillUp([2], popular, new Set([3]), 3)]).toEqual([2, 4, 1]);
    expect([...fillUp([0, 1, 2], popular, new Set(), 2)]).toEqual([0, 1]);
    expect([...fillUp([], popular, new Set([0, 1, 2, 3]), 9)]).toEqual([4]);
  });
});
