import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/random.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import type { EventColumns } from '../../src/learning/examples/eventColumns.js';
import { foldInteractions } from '../../src/learning/examples/interactions.js';
import type { SocialGraph } from '../../src/learning/examples/social.js';
import { GRAPH_DEFAULTS, type GraphParameters, trainItemGraph } from '../../src/learning/trainers/graph.js';
import { NEIGHBOUR_DEFAULTS, trainItemNeighbours } from '../../src/learning/trainers/itemNeighbours.js';
import type { SparseRows } from '../../src/registry/snapshot.js';
import { columnsOf, likes, plant, strangersOf } from './planted.js';
import { walksFrom } from './walks.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

const rowOf = ({ offsets, indices, values }: SparseRows, row: number) =>
  new Map(
    Array.from(indices.subarray(offsets[row], offsets[row + 1]), (column, at) => [
      column,
      values[(offsets[row] ?? 0) + at] ?? 0,
    ]),
  );

const graphOf = (
  events: EventColumns,
  given: { social?: Partial<SocialGraph>; parameters?: Partial<GraphParameters>; pool?: KernelPool } = {},
) =>
  trainItemGraph({
    interactions: foldInteractions(events),
    social: { ...strangersOf(events), ...given.social },
    parameters: { ...GRAPH_DEFAULTS, ...given.parameters },
    pool: given.pool ?? one,
  });

describe('trainItemGraph', () => {
  it('is the plain walk of the reference, whatever the edges, on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = seededRandom(seed);
        const [people, items] = [2 + Math.floor(random() * 8), 2 + Math.floor(random() * 8)];
        const pairs = new Map<string, readonly [number, number]>();
        for (let n = 0; n < people * 3; n++) {
          const pair = [Math.floor(random() * people), Math.floor(random() * items)] as const;
          pairs.set(String(pair), pair);
        }
        const events = { ...likes([...pairs.values()], items), userCount: people };
        const follows = Array.from({ length: people * 2 }, () => [
          Math.floor(random() * people),
          Math.floor(random() * people),
        ]).filter(([a, b]) => a !== b);
        const social = {
          ...strangersOf(events),
          authors: Int32Array.from({ length: items }, () => Math.floor(random() * (people + 1)) - 1),
          followers: Int32Array.from(follows, ([follower]) => follower ?? 0),
          followees: Int32Array.from(follows, ([, followee]) => followee ?? 0),
          followedAt: new Float64Array(follows.length),
        };
        const found = await graphOf(events, { social });
        const reference = walksFrom(events, social, GRAPH_DEFAULTS);
        for (let item = 0; item < items; item++) {
          const row = rowOf(found, item);
          for (let other = 0; other < items; other++) {
            expect(row.get(other) ?? 0).toBeCloseTo(reference[item]?.[other] ?? 0, 4);
          }
        }
        expect(await graphOf(events, { social, pool: three })).toEqual(found);
      }),
      { numRuns: 30 },
    );
  });

  it('finds what no person has in common with an item, where co-visitation finds nothing', async () => {
    // Items 0 and 2 meet only through item 1.
    const chain = likes([[0, 0], [0, 1], [1, 1], [1, 2]], 3); // biome-ignore format: one line reads as the chain
    const covisits = await trainItemNeighbours({
      interactions: foldInteractions(chain),
      parameters: NEIGHBOUR_DEFAULTS,
      pool: one,
    });
    expect([...rowOf(covisits, 0).keys()]).toEqual([1]);
    const row = rowOf(await graphOf(chain), 0);
    expect([...row.keys()]).toEqual([1, 2]);
    expect(row.get(2)).toBeLessThan(row.get(1) ?? 0);
  });

  it('reaches an item nobody touched by its author, and by those who follow the author', async () => {
    // Person 0 wrote item 2, which is untouched, and likes item 0. Person 1 follows them and likes item 1.
    const events = likes([[0, 0], [1, 1]], 4); // biome-ignore format: pairs
    const social = {
      authors: Int32Array.of(-1, -1, 0, -1),
      followers: Int32Array.of(1),
      followees: Int32Array.of(0),
      followedAt: Float64Array.of(0),
    };
    const graph = await graphOf(events, { social });
    expect([...rowOf(graph, 2).keys()]).toEqual([0, 1]);
    expect([...rowOf(graph, 0).keys()]).toEqual([2, 1]);
    expect(rowOf(graph, 3).size).toBe(0);
    const alone = await graphOf(events, {
      social: { ...social, followers: new Int32Array(0), followees: new Int32Array(0) },
    });
    expect(rowOf(alone, 1).size).toBe(0);
  });

  it('keeps to the groups of a checkerboard', async () => {
    const { indices, offsets } = await graphOf(columnsOf(plant()));
    for (let item = 0; item < 48; item++) {
      const near = indices.subarray(offsets[item], offsets[item + 1]);
      expect(near.length).toBeGreaterThan(5);
      for (const other of near) expect(other % 3).toBe(item % 3);
    }
  });

  it('hears nothing of what was turned down, and no more of a person than their newest items', async () => {
    const turnedDown = { ...likes([[0, 0], [0, 1]], 2), worths: Float32Array.of(3, -3) }; // biome-ignore format: pairs
    expect((await graphOf(turnedDown)).indices).toHaveLength(0);
    const three = likes([[0, 0], [0, 1], [0, 2]], 3); // biome-ignore format: pairs
    expect(rowOf(await graphOf(three, { parameters: { historyLimit: 2 } }), 2)).toHaveProperty('size', 1);
  });

  it('has empty rows where nothing happened', async () => {
    const { offsets, indices } = await graphOf(likes([], 3));
    expect(offsets).toEqual(new Int32Array(4));
    expect(indices).toHaveLength(0);
  });
});
