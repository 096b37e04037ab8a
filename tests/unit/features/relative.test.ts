import { describe, expect, it } from 'vitest';
import { readPerson } from '../../../src/engine/person.js';
import type { Feature } from '../../../src/features/feature.js';
import { computeFeatures, FEATURES } from '../../../src/features/index.js';
import { relative, relativeToBest } from '../../../src/features/relative.js';
import { createLookups } from '../../../src/retrieval/lookups.js';
import { createExactIndex } from '../../../src/store/vector/exact.js';
import { queryOf } from '../../helpers/query.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

describe('relativeToBest', () => {
  it('measures by the mean of the twenty best', () => {
    const scores = Float32Array.from({ length: 30 }, (_, at) => 30 - at);
    const mean = (30 + 11) / 2;
    expect(relativeToBest(scores.slice())).toEqual(scores.map((score) => score / mean));
  });

  it('measures a short list by all of it, and keeps what is below zero there', () => {
    expect(relativeToBest(Float32Array.of(3, -1, 1))).toEqual(Float32Array.of(3, -1, 1));
    expect(relativeToBest(new Float32Array(0))).toHaveLength(0);
  });

  it('says nothing where the best say nothing', () => {
    expect(relativeToBest(Float32Array.of(0, 0))).toEqual(Float32Array.of(0, 0));
    expect(relativeToBest(Float32Array.of(-2, -1))).toEqual(Float32Array.of(0, 0).map((zero) => -zero));
  });

  it('does not change with the unit of the scores', () => {
    const scores = Float32Array.from({ length: 40 }, (_, at) => (at * 7) % 40);
    expect(relativeToBest(scores.map((score) => 8 * score))).toEqual(relativeToBest(scores.slice()));
  });
});

describe('relative', () => {
  const { snapshot } = plantSnapshot();
  const likes = [0, 1, 2].map((item) => ({
    itemId: snapshot.items.ids[item] ?? '',
    action: 'LIKE' as const,
    value: null,
    occurredAt: 0,
  }));
  const { person, setting, counts, now } = queryOf(snapshot, { person: readPerson(likes, snapshot) });
  const { factors } = createLookups(createExactIndex);
  const request = { taste: person.taste, catalogue: snapshot, setting, counts, now, factors };
  const items = Int32Array.from({ length: 30 }, (_, item) => item);

  it('measures the column of the feature it is made of', () => {
    const columns = computeFeatures(request, { items, sources: [], columns: new Map() });
    const column = (name: string) => columns[FEATURES.findIndex((feature) => feature.name === name)];
    for (const name of ['collaborative', 'spectral', 'neighbours', 'graph']) {
      expect(column(`${name}_relative`)).toEqual(relativeToBest(column(name)?.slice() ?? new Float32Array(0)));
    }
    expect(column('collaborative_relative')?.some((value) => value > 0)).toBe(true);
  });

  it('is refused before what it is made of', () => {
    const base: Feature | undefined = FEATURES.find(({ name }) => name === 'graph');
    if (base === undefined) throw new Error('there is no such feature');
    const early = () =>
      relative(base).compute(request, { items, sources: [], columns: new Map() }, new Float32Array(30), new Map());
    expect(early).toThrow('graph comes after what is measured by it');
  });
});
