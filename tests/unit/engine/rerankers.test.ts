import { describe, expect, it } from 'vitest';
import type { Candidates } from '../../../src/domain/candidates.js';
import { findingFor } from '../../../src/engine/finding.js';
import { readPerson } from '../../../src/engine/person.js';
import type { RankingBasis, RankingQuery } from '../../../src/engine/query.js';
import { diversity } from '../../../src/engine/rerankers/diversity.js';
import { risingNow } from '../../../src/engine/rerankers/rising.js';
import { plantSnapshot, START } from '../../helpers/snapshot.js';

const { snapshot } = plantSnapshot();
const ids = ['horror-000', 'horror-001', 'horror-002', 'comedy-000', 'family-000'];
const scores = Float32Array.of(0.9, 0.89, 0.88, 0.8, 0.7);
const items = Int32Array.from(ids, (id) => snapshot.items.indexOf(id));
const order = Int32Array.from(ids.keys());
const candidates: Candidates = { items, sources: [], columns: new Map() };
const basis: RankingBasis = {
  snapshot,
  person: readPerson([], snapshot),
  filter: null,
  excludeSeen: true,
  excluded: new Set(),
  diversity: 0.5,
  count: 3,
  now: START,
};
const query = (parts: Partial<RankingBasis> = {}): RankingQuery => {
  const known = { ...basis, ...parts };
  return { ...known, finding: findingFor(known) };
};

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

describe('risingNow', () => {
  const counts = Float32Array.of(Number.NaN, Number.NaN, Number.NaN, Number.NaN, 20);
  const live = { ...candidates, sources: [{ name: 'rising', scores: counts, ranks: new Int32Array(5) }] };
  const lifted = (parts: Partial<RankingQuery> = {}) => risingNow.rerank(query(parts), live, { order, scores });

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
