import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Found } from '../../../../src/domain/candidates.js';
import { createPipeline } from '../../../../src/engine/pipeline/pipeline.js';
import type { Recipe, Source } from '../../../../src/engine/pipeline/stages.js';

type Query = { readonly limit: number };
type Parts = Partial<Recipe<Query, string>>;

const found = (...pairs: readonly (readonly [item: number, score: number])[]): Found => ({
  items: Int32Array.from(pairs, ([item]) => item),
  scores: Float32Array.from(pairs, ([, score]) => score),
});
const source = (name: string, fetch: Source<Query>['fetch'], parts: Partial<Source<Query>> = {}): Source<Query> => ({
  name,
  quota: 100,
  deadlineMs: 1_000,
  enabled: () => true,
  fetch,
  ...parts,
});

/** Scores by the item's own number. */
const byNumber: Recipe<Query, string>['scorers'][number] = {
  name: 'byNumber',
  enabled: () => true,
  score: (_, { items }) => ({ items, scores: Float32Array.from(items) }),
};
const run = (parts: Parts) =>
  createPipeline<Query, string>({
    name: 'test',
    sources: [source('one', () => found([7, 0.5], [3, 0.25])), source('two', () => found([3, 9], [5, 8]))],
    hydrators: [],
    filters: [],
    scorers: [byNumber],
    rerankers: [],
    effects: [],
    ...parts,
  }).execute({ limit: 1 });

describe('sources', () => {
  it('are united, with the score and rank each gave', async () => {
    const { candidates } = await run({});
    expect([...candidates.items]).toEqual([7, 3, 5]);
    expect(candidates.sources.map(({ name, ranks }) => [name, [...ranks]])).toEqual([
      ['one', [0, 1, -1]],
      ['two', [-1, 0, 1]],
    ]);
    expect([...(candidates.sources[1]?.scores ?? [])]).toEqual([Number.NaN, 9, 8]);
  });

  it('are cut at their quota and asked only when enabled', async () => {
    const ranking = await run({
      sources: [
        source('one', () => found([1, 3], [2, 2], [3, 1]), { quota: 2 }),
        source('off', () => found([9, 1]), { enabled: () => false }),
      ],
    });
    expect([...ranking.candidates.items]).toEqual([1, 2]);
    expect(ranking.trace.map(({ stage, name, out }) => [stage, name, out])).toEqual([
      ['source', 'one', 2],
      ['scorer', 'byNumber', 2],
    ]);
  });

  it.each<[string, Source<Query>, string]>([
    [
      'throws',
      source('bad', () => {
        throw new Error('no luck');
      }),
      'no luck',
    ],
    [
      'rejects',
      source('bad', async () => {
        throw new Error('no luck');
      }),
      'no luck',
    ],
    ['is late', source('bad', () => new Promise(() => {}), { deadlineMs: 1 }), 'no answer within 1 ms'],
    ['gives NaN', source('bad', () => found([1, Number.NaN])), 'bad gave NaN as the score of row 0 of 1'],
    [
      'miscounts',
      source('bad', () => ({ items: new Int32Array(2), scores: new Float32Array(3) })),
      'bad gave 3 scores for 2',
    ],
  ])('that %s is dropped and named, and the others stand', async (_, bad, error) => {
    const ranking = await run({ sources: [bad, source('good', () => found([4, 1]))] });
    expect([...ranking.candidates.items]).toEqual([4]);
    expect(ranking.dropped).toEqual(['bad']);
    expect(ranking.trace.find(({ name }) => name === 'bad')).toMatchObject({ stage: 'source', out: 0, error });
  });
});

describe('hydrators', () => {
  const column = (values: readonly number[]) => new Map([['x', Float32Array.from(values)]]);

  it('add columns', async () => {
    const { candidates } = await run({
      hydrators: [{ name: 'h', hydrate: async (_, { items }) => ({ items, columns: column([1, 2, 3]) }) }],
    });
    expect([...(candidates.columns.get('x') ?? [])]).toEqual([1, 2, 3]);
  });

  it.each([
    ['drops a row', { items: Int32Array.of(7, 3), columns: column([1, 2]) }, 'h gave 2 candidates for 3'],
    [
      'changes the order',
      { items: Int32Array.of(7, 5, 3), columns: column([1, 2, 3]) },
      'h gave item 5 at row 1 where 3 stands',
    ],
    ['miscounts', { items: Int32Array.of(7, 3, 5), columns: column([1, 2]) }, 'h gave 2 values of "x" for 3'],
  ])('one that %s is dropped, both numbers named', async (_, hydrated, error) => {
    const ranking = await run({ hydrators: [{ name: 'h', hydrate: () => hydrated }] });
    expect(ranking.candidates.columns.size).toBe(0);
    expect(ranking.trace.find(({ name }) => name === 'h')?.error).toBe(error);
    expect(ranking.dropped).toEqual(['h']);
  });
});

describe('filters', () => {
  const kept = Int32Array.of(0, 2);

  it('take out rows of every column, with a reason each', async () => {
    const ranking = await run({
      hydrators: [
        { name: 'h', hydrate: (_, { items }) => ({ items, columns: new Map([['x', Float32Array.of(1, 2, 3)]]) }) },
      ],
      filters: [{ name: 'f', filter: () => ({ kept, removed: Int32Array.of(1), reasons: ['odd'] }) }],
    });
    expect([...ranking.candidates.items]).toEqual([7, 5]);
    expect([...(ranking.candidates.columns.get('x') ?? [])]).toEqual([1, 3]);
    expect([...(ranking.candidates.sources[1]?.ranks ?? [])]).toEqual([-1, 1]);
    expect(ranking.removed).toEqual([{ filter: 'f', items: Int32Array.of(3), reasons: ['odd'] }]);
    expect(ranking.trace.find(({ name }) => name === 'f')).toMatchObject({ in: 3, out: 2 });
  });

  it.each([
    [
      'fails',
      () => {
        throw new Error('no luck');
      },
      'no luck',
    ],
    ['loses a row', () => ({ kept, removed: new Int32Array(0), reasons: [] }), 'f gave 2 kept and removed for 3'],
    ['doubles a row', () => ({ kept, removed: Int32Array.of(2), reasons: [''] }), 'f gave row 2 of 3 twice'],
    ['gives no reason', () => ({ kept, removed: Int32Array.of(1), reasons: [] }), 'f gave 0 reasons for 1'],
  ])('one that %s fails the list: nothing slips through', async (_, filter, message) => {
    await expect(run({ filters: [{ name: 'f', filter }] })).rejects.toThrow(message);
  });
});

describe('scorers', () => {
  it.each([
    [
      'gives NaN',
      () => ({ items: Int32Array.of(7, 3, 5), scores: Float32Array.of(1, Number.NaN, 1) }),
      'bad gave NaN as the score of row 1 of 3',
    ],
    ['miscounts', () => ({ items: Int32Array.of(7, 3, 5), scores: new Float32Array(4) }), 'bad gave 4 scores for 3'],
    [
      'changes the order',
      () => ({ items: Int32Array.of(3, 7, 5), scores: new Float32Array(3) }),
      'bad gave item 3 at row 0 where 7 stands',
    ],
  ])('one that %s gives way to the next', async (_, score, error) => {
    const ranking = await run({ scorers: [{ name: 'bad', enabled: () => true, score }, byNumber] });
    expect(ranking.scorer).toBe('byNumber');
    expect([...ranking.scores]).toEqual([7, 3, 5]);
    expect(ranking.trace.find(({ name }) => name === 'bad')?.error).toBe(error);
  });

  it('fail the list when none is left', async () => {
    const bad = {
      name: 'bad',
      enabled: () => true,
      score: () => {
        throw new Error('no luck');
      },
    };
    await expect(run({ scorers: [bad] })).rejects.toThrow('No scorer could score 3 candidates. bad: no luck');
    await expect(run({ scorers: [{ ...byNumber, enabled: () => false }] })).rejects.toThrow('No scorer');
  });
});

describe('re-rankers', () => {
  const order = Int32Array.of(2, 1, 0);

  it('fold one after the other and say what they moved', async () => {
    const ranking = await run({
      rerankers: [
        { name: 'a', rerank: (_, __, { scores }) => ({ order, scores, moved: new Map([[2, 'a: up']]) }) },
        { name: 'b', rerank: (_, __, ranked) => ({ ...ranked, moved: new Map([[2, 'b: kept']]) }) },
      ],
    });
    expect([...ranking.order]).toEqual([2, 1, 0]);
    expect(ranking.rules).toEqual(new Map([[2, ['a: up', 'b: kept']]]));
  });

  it.each([
    ['loses a row', Int32Array.of(2, 1), 'r gave 2 rows for 3'],
    ['doubles a row', Int32Array.of(2, 1, 1), 'r gave row 1 of 3 twice'],
    ['invents a row', Int32Array.of(2, 1, 3), 'r gave row 3 of 3'],
  ])('one that %s changes nothing', async (_, wrong, error) => {
    const ranking = await run({
      rerankers: [{ name: 'r', rerank: (_, __, { scores }) => ({ order: wrong, scores, moved: new Map([[0, 'x']]) }) }],
    });
    expect([...ranking.order]).toEqual([0, 1, 2]);
    expect(ranking.rules.size).toBe(0);
    expect(ranking.trace.find(({ name }) => name === 'r')?.error).toBe(error);
  });

  const chancing = (...values: readonly number[]) =>
    run({
      rerankers: [
        {
          name: 'r',
          rerank: (_, __, { scores }) => ({
            order,
            scores,
            moved: new Map(),
            propensities: Float32Array.from(values),
          }),
        },
        { name: 's', rerank: (_, __, ranked) => ({ ...ranked, moved: new Map() }) },
      ],
    });

  it('say with which probability each row got its place, or nothing', async () => {
    expect([...((await chancing(0.5, 1, 0.25)).propensities ?? [])]).toEqual([0.5, 1, 0.25]);
    expect((await run({ rerankers: [] })).propensities).toBeNull();
  });

  it.each([
    ['none', [0.5, 0, 1], 'r gave 0 as a propensity'],
    ['more than all', [0.5, 1.5, 1], 'r gave 1.5 as a propensity'],
    ['no number', [0.5, Number.NaN, 1], 'r gave NaN as a propensity'],
    ['too few', [0.5, 1], 'r gave 2 propensities for 3'],
  ])('change nothing when a probability is %s', async (_, values, error) => {
    const ranking = await chancing(...values);
    expect([...ranking.order]).toEqual([0, 1, 2]);
    expect(ranking.propensities).toBeNull();
    expect(ranking.trace.find(({ name }) => name === 'r')?.error).toBe(error);
  });
});

describe('effects', () => {
  it('run after the answer; what fails is told, and does not disturb the others', async () => {
    const told: string[] = [];
    const pipeline = createPipeline<Query, string>({
      name: 'test',
      sources: [],
      hydrators: [],
      filters: [],
      scorers: [byNumber],
      rerankers: [],
      effects: [
        {
          name: 'breaks',
          run: async () => {
            throw new Error('no luck');
          },
        },
        { name: 'tells', run: (shown) => void told.push(shown) },
      ],
    });
    pipeline.conclude('a list', (effect, error) => void told.push(`${effect}: ${String(error)}`));
    expect(told).toEqual([]);
    await turn();
    expect(told.sort()).toEqual(['a list', 'breaks: Error: no luck']);
    expect(pipeline.components()).toEqual([
      { stage: 'scorer', name: 'byNumber' },
      { stage: 'effect', name: 'breaks' },
      { stage: 'effect', name: 'tells' },
    ]);
  });
});
