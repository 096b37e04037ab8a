import { describe, expect, it } from 'vitest';
import { NO_IMPRESSIONS } from '../../../src/engine/live/impressions.js';
import { readPerson } from '../../../src/engine/person.js';
import { declaredFit, declaredIn } from '../../../src/features/declared.js';
import { computeFeatures, FEATURES } from '../../../src/features/index.js';
import { declared } from '../../../src/retrieval/finders/declared.js';
import { createLookups } from '../../../src/retrieval/lookups.js';
import { createExactIndex } from '../../../src/store/vector/exact.js';
import { queryOf } from '../../helpers/query.js';
import { plantSnapshot, START } from '../../helpers/snapshot.js';

const { snapshot } = plantSnapshot();
const { items } = snapshot;
const lookups = createLookups(createExactIndex);
const saying = (interests: readonly string[], likes: readonly string[] = []) => {
  const events = likes.map((itemId) => ({ itemId, action: 'LIKE' as const, value: null, occurredAt: START }));
  return queryOf(snapshot, {
    person: readPerson(events, snapshot, NO_IMPRESSIONS, { age: null, location: null, interests }),
  });
};

describe('declaredFit', () => {
  it('is whole for a category of that name, a share for a tag, and nothing for another', () => {
    const fitOf = (interests: readonly string[], id: string) =>
      declaredFit(declaredIn(interests, items), items, items.indexOf(id));
    expect(fitOf([' Horror '], 'horror-003')).toBe(1);
    expect(fitOf(['horror'], 'comedy-003')).toBe(0);
    expect(fitOf(['odd'], 'comedy-003')).toBeGreaterThan(0);
    expect(fitOf(['odd'], 'comedy-003')).toBeLessThan(1);
    expect(fitOf(['odd'], 'comedy-002')).toBe(0);
    expect(fitOf(['odd', 'comedy', 'shelf 3'], 'comedy-003')).toBe(1);
    expect(fitOf(['unheard of', ''], 'comedy-003')).toBe(0);
  });
});

describe('declared', () => {
  it('finds what fits, the most popular first, for those of whom little else is known', async () => {
    const { finding } = saying(['family']);
    expect(declared.enabled(finding)).toBe(true);
    const found = await declared.find(finding, lookups);
    expect(Array.from(found.items, (item) => items.ids[item]).slice(0, 2)).toEqual(['family-000', 'family-001']);
    expect(found.items).toHaveLength(20);
    const only = items.indexOf('family-019');
    const one = await declared.find(
      { ...finding, masked: new Uint8Array(items.size).fill(1).fill(0, only, only + 1) },
      lookups,
    );
    expect(Array.from(one.items)).toEqual([only]);
  });

  it('has nothing to look with without interests, nor need of them with a long history', () => {
    expect(declared.enabled(saying([]).finding)).toBe(false);
    expect(declared.enabled(saying(['unheard of']).finding)).toBe(false);
    expect(declared.enabled(saying(['family'], items.ids.slice(0, 21)).finding)).toBe(false);
  });
});

describe('the features of what was declared', () => {
  it('tell what fits; that of newcomers fades as their profile grows', () => {
    const readOf = (name: string, likes: readonly string[]) => {
      const { person, setting, counts } = saying(['family'], likes);
      const candidates = { items: Int32Array.of(items.indexOf('family-000')), sources: [], columns: new Map() };
      const columns = computeFeatures(
        { taste: person.taste, catalogue: snapshot, setting, counts, now: START, factors: lookups.factors },
        candidates,
      );
      return columns[FEATURES.findIndex((feature) => feature.name === name)]?.[0];
    };
    expect(readOf('declared_interest', [])).toBe(1);
    expect(readOf('newcomer_interest', [])).toBe(1);
    expect(readOf('declared_interest', ['comedy-000'])).toBe(1);
    expect(readOf('newcomer_interest', ['comedy-000'])).toBeCloseTo(5 / 6, 6);
  });
});
