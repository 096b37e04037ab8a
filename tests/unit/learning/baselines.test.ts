import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { servedPipeline } from '../../../src/cli/evaluation/pipeline.js';
import { HOUR_MS } from '../../../src/domain/clock.js';
import { foldIn } from '../../../src/features/foldIn.js';
import { buildProfile, PROFILE_ITEMS } from '../../../src/features/profile.js';
import { projectSpectral } from '../../../src/features/spectral.js';
import { buildTaste } from '../../../src/features/taste.js';
import { als } from '../../../src/learning/evaluation/models/als.js';
import { content } from '../../../src/learning/evaluation/models/content.js';
import { graph } from '../../../src/learning/evaluation/models/graph.js';
import { itemKnn } from '../../../src/learning/evaluation/models/itemKnn.js';
import type { RankingModel } from '../../../src/learning/evaluation/models/model.js';
import { fillUp, popularity } from '../../../src/learning/evaluation/models/popularity.js';
import { localRankers } from '../../../src/learning/evaluation/models/rankers.js';
import { sequence } from '../../../src/learning/evaluation/models/sequence.js';
import { singleModels } from '../../../src/learning/evaluation/models/singleModels.js';
import { spectral } from '../../../src/learning/evaluation/models/spectral.js';
import { plantSnapshot, START } from '../../helpers/snapshot.js';

const { snapshot } = plantSnapshot();
const { size, ids } = snapshot.items;

/** A person by what they did on items, newest first, an hour apart. */
const acts = fc.uniqueArray(
  fc.record({
    item: fc.nat({ max: size - 1 }),
    action: fc.constantFrom('LIKE' as const, 'VIEW' as const, 'SKIP' as const),
  }),
  { maxLength: 15, selector: ({ item }) => item },
);
const eventsOf = (given: readonly { readonly item: number; readonly action: 'LIKE' | 'VIEW' | 'SKIP' }[]) =>
  given.map(({ item, action }, at) => ({
    itemId: ids[item] ?? '',
    action,
    value: null,
    occurredAt: START - at * HOUR_MS,
  }));

async function ranked(model: RankingModel, given: Parameters<typeof eventsOf>[0]): Promise<number[]> {
  const [lists] = await localRankers(snapshot, [model]).rank(
    [{ events: eventsOf(given), facts: null, now: START }],
    10,
  );
  return [...(lists?.[0]?.items ?? [])];
}

/** Falling score, then rising item, over every item nobody has seen; what scores nothing follows by popularity. */
function expected(scores: readonly number[], seen: ReadonlySet<number>): number[] {
  const scored = scores
    .map((score, item) => ({ score, item }))
    .filter(({ score, item }) => score !== 0 && !seen.has(item))
    .sort((a, b) => b.score - a.score || a.item - b.item)
    .map(({ item }) => item);
  return [...fillUp(scored, snapshot.popularOrder, seen, 10)];
}

/** The ten unseen items of the largest inner products with `vector`; without one, what is popular. */
async function expectNearest(
  model: RankingModel,
  given: Parameters<typeof eventsOf>[0],
  vector: Float32Array | null,
  { dimensions: d, itemFactors }: { readonly dimensions: number; readonly itemFactors: Float32Array },
): Promise<void> {
  const list = await ranked(model, given);
  if (vector === null) {
    expect(list).toEqual(await ranked(popularity(snapshot), given));
    return;
  }
  const score = (item: number) => vector.reduce((sum, value, k) => sum + value * (itemFactors[item * d + k] ?? 0), 0);
  const seen = new Set(given.map(({ item }) => item));
  const best = ids.map((_, item) => score(item)).filter((_, item) => !seen.has(item));
  const tenth = best.sort((a, b) => b - a)[9] ?? 0;
  expect(list).toHaveLength(10);
  // 32-bit sums may swap neighbours that differ in the last bits.
  for (const item of list) expect(score(item)).toBeGreaterThanOrEqual(tenth - 1e-5);
  for (let at = 1; at < 10; at++) {
    expect(score(list[at] ?? 0)).toBeLessThanOrEqual(score(list[at - 1] ?? 0) + 1e-5);
  }
}

describe('the baselines rank every item', () => {
  it.each([
    { row: 'item-kNN', open: itemKnn, rows: snapshot.neighbours, fading: 4 },
    { row: 'graph', open: graph, rows: snapshot.graph, fading: 1 },
  ])('$row by the rows of what was liked, newer items first in weight', async ({ open, rows, fading }) => {
    const model = open(snapshot);
    if (model === null || rows === null) throw new Error('the planted snapshot has these rows');
    const { offsets, indices, values } = rows;
    await fc.assert(
      fc.asyncProperty(acts, async (given) => {
        const profile = buildProfile(eventsOf(given), snapshot.items);
        const scores = ids.map((_, other) => {
          let sum = 0;
          for (const [place, item] of profile.items.entries()) {
            const liking = Math.min(1, (profile.worth[place] ?? 0) / 3);
            const at = indices.subarray(offsets[item], offsets[item + 1]).indexOf(other);
            if (liking <= 0 || at < 0) continue;
            sum += liking * (profile.recency[place] ?? 0) ** fading * (values[(offsets[item] ?? 0) + at] ?? 0);
          }
          return sum;
        });
        expect(await ranked(model, given)).toEqual(expected(scores, new Set(given.map(({ item }) => item))));
      }),
    );
  });

  it('ALS by the folded-in vector; a stranger gets what is popular', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (given) => {
        const vector = foldIn(snapshot.collaborative, buildProfile(eventsOf(given), snapshot.items));
        await expectNearest(als(snapshot), given, vector, snapshot.collaborative);
      }),
    );
  });

  it('spectral by the projection; a version without one has no such row', async () => {
    const { spectral: model } = snapshot;
    if (model === null) throw new Error('the planted snapshot has a spectral model');
    await fc.assert(
      fc.asyncProperty(acts, async (given) => {
        const row = spectral(snapshot);
        if (row === null) throw new Error('there is a row');
        await expectNearest(row, given, projectSpectral(model, buildProfile(eventsOf(given), snapshot.items)), model);
      }),
    );
    const names = (of: typeof snapshot) => singleModels(of).map(({ name }) => name);
    expect(names(snapshot)).toEqual([
      'popularity',
      'item-kNN',
      'ALS',
      'spectral',
      'graph',
      'filter',
      'sequence',
      'content',
    ]);
    expect(names({ ...snapshot, spectral: null, graph: null, sequence: null, content: null })).toEqual([
      'popularity',
      'item-kNN',
      'ALS',
    ]);
  });

  it('content by the likeness to what was liked', async () => {
    const { content: model } = snapshot;
    if (model === null) throw new Error('the planted snapshot has a content model');
    await fc.assert(
      fc.asyncProperty(acts, async (given) => {
        const row = content(snapshot);
        if (row === null) throw new Error('there is a row');
        const { contentVector } = buildTaste(buildProfile(eventsOf(given), snapshot.items), snapshot, []);
        await expectNearest(row, given, contentVector, model);
      }),
    );
  });

  it('sequence by what follows the newest items, and pairs of them, then by popularity', () => {
    const row = sequence(snapshot);
    if (row === null) throw new Error('there is a row');
    const rank = (...newestFirst: readonly number[]) => {
      const items = Int32Array.from(newestFirst);
      const history = {
        items,
        worth: new Float32Array(items.length).fill(3),
        recency: Float32Array.from(items, (_, at) => 1 - at / 8),
      };
      return row.rank({ now: START, history, seen: new Set(newestFirst) }, 5);
    };
    // Of comedy-010 the nearest places follow, nearer ones first, of two as near the one of the lower number.
    expect(rank(10)).toEqual({ items: Int32Array.of(9, 11, 8, 12, 7), probabilities: null });
    // 0 and 1 are a pair, after which comes 2.
    expect(rank(1, 0)).toMatchObject({ items: { 0: 2 } });
    expect(rank()).toEqual({ items: snapshot.popularOrder.slice(0, 5), probabilities: null });
  });

  it('by all a person did, not by the newest items that a profile keeps', async () => {
    const { snapshot: large } = plantSnapshot({ itemsPerGroup: 100 });
    const events = large.items.ids.slice(0, PROFILE_ITEMS + 50).map((itemId) => ({
      itemId,
      action: 'LIKE' as const,
      value: null,
      occurredAt: START,
    }));
    let known = 0;
    const counting: RankingModel = {
      name: 'counting',
      rank({ history }) {
        known = history.items.length;
        return { items: new Int32Array(0), probabilities: null };
      },
    };
    await localRankers(large, [counting]).rank([{ events, facts: null, now: START }], 10);
    expect(known).toBe(PROFILE_ITEMS + 50);
  });

  it('popularity by popularity, and the served pipeline as it serves: never what was seen', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (given) => {
        const seen = new Set(given.map(({ item }) => item));
        expect(await ranked(popularity(snapshot), given)).toEqual([...fillUp([], snapshot.popularOrder, seen, 10)]);
        const served = await ranked(servedPipeline(snapshot), given);
        expect(served).toHaveLength(10);
        expect(served.filter((item) => seen.has(item))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
