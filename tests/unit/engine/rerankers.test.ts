import { describe, expect, it } from 'vitest';
import type { Candidates } from '../../../src/domain/candidates.js';
import { readPerson } from '../../../src/engine/person.js';
import type { RankingBasis } from '../../../src/engine/query.js';
import { boosts } from '../../../src/engine/rerankers/boosts.js';
import { burials } from '../../../src/engine/rerankers/burials.js';
import { caps } from '../../../src/engine/rerankers/caps.js';
import { diversity } from '../../../src/engine/rerankers/diversity.js';
import { fatigue } from '../../../src/engine/rerankers/fatigue.js';
import { likenessWithin } from '../../../src/engine/rerankers/likeness.js';
import { pins } from '../../../src/engine/rerankers/pins.js';
import { risingNow } from '../../../src/engine/rerankers/rising.js';
import { compileRules } from '../../../src/engine/rules/compile.js';
import { queryOf } from '../../helpers/query.js';
import { activeRules, rule } from '../../helpers/rules.js';
import { plantSnapshot, START } from '../../helpers/snapshot.js';

const { snapshot } = plantSnapshot();
const ids = ['horror-000', 'horror-001', 'horror-002', 'comedy-000', 'family-000'];
const scores = Float32Array.of(0.9, 0.89, 0.88, 0.8, 0.7);
const items = Int32Array.from(ids, (id) => snapshot.items.indexOf(id));
const order = Int32Array.from(ids.keys());
const candidates: Candidates = { items, sources: [], columns: new Map() };
const query = (parts: Partial<RankingBasis> = {}) => queryOf(snapshot, parts);

describe('diversity', () => {
  it('takes one of each before the second of any, and says what it moved', () => {
    const { order: after, moved } = diversity.rerank(query({ diversity: 0.7 }), candidates, { order, scores });
    expect(Array.from(after, (row) => ids[row])).toEqual([
      'horror-000',
      'comedy-000',
      'family-000',
      'horror-001',
      'horror-002',
    ]);
    expect(moved).toEqual(
      new Map([
        [3, 'diversity: position 3 to 1'],
        [4, 'diversity: position 4 to 2'],
      ]),
    );
  });

  it('changes nothing at 0', () => {
    const ranked = { order, scores };
    expect(diversity.rerank(query({ diversity: 0 }), candidates, ranked)).toEqual({ ...ranked, moved: new Map() });
  });

  it('weighs relevance: a little of it moves less than a lot', () => {
    const groupsInHead = (lambda: number) => {
      const { order: after } = diversity.rerank(query({ diversity: lambda }), candidates, { order, scores });
      return new Set(Array.from(after.subarray(0, 3), (row) => ids[row]?.split('-')[0])).size;
    };
    expect([0.02, 1].map(groupsInHead)).toEqual([1, 3]);
  });
});

describe('likeness', () => {
  it('is of content too: items nobody has touched are alike by their tags', () => {
    const bare = plantSnapshot({ groups: ['new'], itemsPerGroup: 3 }).snapshot;
    const { dimensions, itemFactors } = bare.collaborative;
    const untouched = {
      ...bare,
      collaborative: { ...bare.collaborative, itemFactors: itemFactors.map(() => 0) },
      items: { ...bare.items, category: { names: [], codes: new Int32Array(3).fill(-1) } },
    };
    const closest = (of: typeof bare) => {
      const raised = new Float32Array(3);
      likenessWithin(of, Int32Array.of(0, 1, 2)).raise(raised, 0);
      return [...raised];
    };
    // Places 0 and 2 are both even.
    const [self = 0, odd = 0, even = 0] = closest(untouched);
    expect(self).toBeCloseTo(0.6, 5);
    expect(even).toBeGreaterThan(odd + 0.1);
    expect(dimensions).toBeGreaterThan(0);
    for (const alike of closest(bare)) expect(alike).toBeGreaterThan(0.9);
  });
});

describe('caps', () => {
  const { snapshot: planted } = plantSnapshot({ itemsPerGroup: 40 });
  const all = Int32Array.from({ length: planted.items.size }, (_, item) => item);
  // Runs of six by one author within runs of forty of one category.
  const author = { names: [], codes: all.map((item) => Math.floor(item / 6)) };
  const many = { ...planted, items: { ...planted.items, author } };
  const byAuthor = (item: number) => author.codes[item] ?? -1;
  const byCategory = (item: number) => many.items.category.codes[item] ?? -1;
  const rerank = (rows: Int32Array, first = 20) =>
    caps.rerank(
      queryOf(many, { first }),
      { items: all, sources: [], columns: new Map() },
      { order: rows, scores: new Float32Array(all.length) },
    );
  const most = (rows: Int32Array, codeOf: (id: number) => number) => {
    const counts = new Map<number, number>();
    for (const row of rows) counts.set(codeOf(row), (counts.get(codeOf(row)) ?? 0) + 1);
    return Math.max(...counts.values());
  };

  it('keep an author to three and a category to six of any ten places, and say what moved', () => {
    const { order: after, moved } = rerank(all);
    for (let start = 0; start + 10 <= 20; start++) {
      const window = after.subarray(start, start + 10);
      expect(most(window, byAuthor)).toBe(3);
      expect(most(window, byCategory)).toBe(6);
    }
    expect([...after.subarray(20)], 'the others keep their order').toEqual(
      [...all].filter((row) => !after.subarray(0, 20).includes(row)),
    );
    expect(moved.size).toBeGreaterThan(0);
    expect([...moved.values()].every((text) => /^caps: position \d+ to \d+$/.test(text))).toBe(true);
  });

  it('are relaxed when there is nothing else, and then keep the order', () => {
    const one = Int32Array.from([...all].filter((id) => byAuthor(id) === 0 && byCategory(id) === 0));
    const { order: after, moved } = caps.rerank(
      queryOf(many, { first: 10 }),
      { items: one, sources: [], columns: new Map() },
      { order: Int32Array.from(one.keys()), scores: new Float32Array(one.length) },
    );
    expect([...after]).toEqual([...one.keys()]);
    expect(moved.size).toBe(0);
  });

  it('leave the order of the scores to who asks for it', () => {
    const asked = queryOf(many, { first: 20, diversity: 0 });
    const ranked = { order: all, scores: new Float32Array(all.length) };
    expect(caps.rerank(asked, { items: all, sources: [], columns: new Map() }, ranked).order).toBe(all);
  });
});

describe('risingNow', () => {
  const counts = Float32Array.of(Number.NaN, Number.NaN, Number.NaN, Number.NaN, 20);
  const live = { ...candidates, sources: [{ name: 'rising', scores: counts, ranks: new Int32Array(5) }] };
  const lifted = (parts: Partial<RankingBasis> = {}) => risingNow.rerank(query(parts), live, { order, scores });

  it('lifts what rises, and nothing else', () => {
    const { scores: after, moved } = lifted();
    expect([...after.subarray(0, 4)]).toEqual([...scores.subarray(0, 4)]);
    expect(after[4]).toBeGreaterThan(0.8);
    expect(moved.get(4)).toMatch(/^rising now: score 0\.700 to 0\.8\d\d$/);
  });

  it('lifts less the more is known of the person', () => {
    const events = ids.map((itemId) => ({ itemId, action: 'LIKE' as const, value: null, occurredAt: START }));
    const { scores: after } = lifted({ person: readPerson(events, snapshot) });
    expect(after[4]).toBeGreaterThan(0.7);
    expect(after[4]).toBeLessThan(lifted().scores[4] ?? 0);
  });
});

describe('fatigue', () => {
  const tired = (counts: readonly (readonly [string, number])[]) => {
    const impressions = new Map(counts.map(([id, count]) => [snapshot.items.indexOf(id), count]));
    const person = { ...readPerson([], snapshot), impressions };
    return fatigue.rerank(query({ person }), candidates, { order, scores });
  };

  it('halves the odds with each doubling beyond three times, and says so', () => {
    const odds = (score = 0) => score / (1 - score);
    for (const [shown, share] of [
      [1, 1],
      [3, 1],
      [4, 2],
      [7, 2],
      [8, 4],
      [16, 8],
      [50, 16],
    ] as const) {
      const { scores: after, moved } = tired([['horror-000', shown]]);
      expect(odds(scores[0]) / odds(after[0])).toBeCloseTo(share, 3);
      expect([...after.subarray(1)]).toEqual([...scores.subarray(1)]);
      expect(moved.has(0)).toBe(share > 1);
    }
    expect(tired([['comedy-000', 5]]).moved.get(3)).toBe('fatigue: shown 5 times, score 0.800 to 0.667');
  });

  it('changes nothing for who was shown nothing', () => {
    expect(tired([]).scores).toBe(scores);
  });
});

describe('rules', () => {
  const ruled = async (...given: readonly Parameters<typeof rule>[]) => {
    const { rules } = activeRules(...given.map((one) => rule(...one)));
    return query({ rules: await compileRules(rules, snapshot.items) });
  };
  const idsAfter = (after: Int32Array) => Array.from(after, (row) => ids[row]);

  it('boost: multiply the odds, together, and name each', async () => {
    const asked = await ruled(
      ['double', { kind: 'BOOST', weight: 2 }, { category: ['horror'] }],
      ['halve', { kind: 'BOOST', weight: 0.5 }, { ids: ['horror-001', 'family-000'] }],
    );
    const { scores: after, moved, order: same } = boosts.rerank(asked, candidates, { order, scores });
    const odds = (score = 0) => score / (1 - score);
    expect(Array.from(after, (score, row) => odds(score) / odds(scores[row])).map((x) => Number(x.toFixed(4)))).toEqual(
      [2, 1, 2, 1, 0.5],
    );
    expect(same).toBe(order);
    expect(moved.get(2)).toBe('boosted by double × 2: score 0.880 to 0.936');
    expect(moved.get(4)).toBe('boosted by halve × 0.5: score 0.700 to 0.538');
    expect(moved.has(3)).toBe(false);
  });

  it('bury: put behind all others, in the order they had', async () => {
    const asked = await ruled(['old', { kind: 'BURY' }, { ids: ['horror-000', 'comedy-000'] }]);
    const { order: after, moved } = burials.rerank(asked, candidates, { order, scores });
    expect(idsAfter(after)).toEqual(['horror-001', 'horror-002', 'family-000', 'horror-000', 'comedy-000']);
    expect([...moved]).toEqual([
      [0, 'buried by old: position 0 to 3'],
      [3, 'buried by old: position 3 to 4'],
    ]);
  });

  it('pin: put at the position, the others closing up', async () => {
    const asked = await ruled(
      ['top', { kind: 'PIN', position: 0 }, { ids: ['family-000'] }],
      ['third', { kind: 'PIN', position: 2 }, { ids: ['horror-000'] }],
      ['gone', { kind: 'PIN', position: 1 }, { ids: ['comedy-007'] }],
    );
    const { order: after, moved } = pins.rerank(asked, candidates, { order, scores });
    expect(idsAfter(after)).toEqual(['family-000', 'horror-001', 'horror-000', 'horror-002', 'comedy-000']);
    expect([...moved].sort()).toEqual([
      [0, 'pinned by third: position 0 to 2'],
      [4, 'pinned by top: position 4 to 0'],
    ]);
  });

  it('pin beyond the end: last', async () => {
    const asked = await ruled(
      ['far', { kind: 'PIN', position: 90 }, { ids: ['horror-000'] }],
      ['farther', { kind: 'PIN', position: 95 }, { ids: ['horror-001'] }],
    );
    const { order: after } = pins.rerank(asked, candidates, { order, scores });
    expect(idsAfter(after).slice(-2)).toEqual(['horror-000', 'horror-001']);
  });

  it('none: change nothing', async () => {
    for (const reranker of [boosts, burials, pins]) {
      expect(reranker.rerank(query(), candidates, { order, scores })).toEqual({ order, scores, moved: new Map() });
    }
  });
});
