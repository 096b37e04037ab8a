import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/random.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { foldInteractions } from '../../src/learning/examples/interactions.js';
import type { SocialGraph } from '../../src/learning/examples/social.js';
import { PEOPLE_DEFAULTS, type PeopleParameters, trainPeople } from '../../src/learning/trainers/people.js';
import type { PeopleModel } from '../../src/registry/snapshot.js';
import { columnsOf, likes, plant, strangersOf } from './planted.js';
import { peopleWalks } from './walks.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

async function peopleOf(
  events: ReturnType<typeof likes>,
  given: {
    social?: Partial<SocialGraph>;
    parameters?: Partial<PeopleParameters>;
    pool?: KernelPool;
    seed?: number;
  } = {},
): Promise<PeopleModel> {
  const graph = { ...strangersOf(events), ...given.social };
  const model = await trainPeople({
    interactions: foldInteractions(events),
    social: { graph, profiles: graph.personIds.map(() => null) },
    parameters: { ...PEOPLE_DEFAULTS, ...given.parameters },
    seed: given.seed ?? 1,
    pool: given.pool ?? one,
  });
  if (model === null) throw new Error('there is nobody');
  return model;
}

function closeTo({ near: { offsets, indices, values } }: PeopleModel, person: number): Map<number, number> {
  const [from, to] = [offsets[person] ?? 0, offsets[person + 1] ?? 0];
  return new Map(Array.from(indices.subarray(from, to), (other, at) => [other, values[from + at] ?? 0]));
}

const followsOf = (pairs: readonly (readonly [follower: number, followee: number])[]) => ({
  followers: Int32Array.from(pairs, ([follower]) => follower),
  followees: Int32Array.from(pairs, ([, followee]) => followee),
  followedAt: new Float64Array(pairs.length),
});

describe('trainPeople', () => {
  it('is the plain walk of the reference, whatever the edges, on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = seededRandom(seed);
        const [people, items] = [2 + Math.floor(random() * 9), 2 + Math.floor(random() * 6)];
        const any = (count: number) => Math.floor(random() * count);
        const pairs = new Map<string, readonly [number, number]>();
        for (let n = 0; n < people * 2; n++) {
          const pair = [any(people), any(items)] as const;
          pairs.set(String(pair), pair);
        }
        const events = { ...likes([...pairs.values()], items), userCount: people };
        const follows = Array.from({ length: people }, () => [any(people), any(people)] as const);
        const social = {
          ...strangersOf(events),
          authors: Int32Array.from({ length: items }, () => any(people + 1) - 1),
          ...followsOf(follows.filter(([follower, followee]) => follower !== followee)),
        };
        const found = await peopleOf(events, { social });
        const reference = peopleWalks(events, social, PEOPLE_DEFAULTS);
        for (let person = 0; person < people; person++) {
          const row = closeTo(found, person);
          for (let other = 0; other < people; other++) {
            expect(row.get(other) ?? 0).toBeCloseTo(reference[person]?.[other] ?? 0, 4);
          }
        }
        const threads = await peopleOf(events, { social, pool: three });
        expect([threads.near, threads.takers]).toEqual([found.near, found.takers]);
      }),
      { numRuns: 30 },
    );
  });

  it('brings friends of friends closer than people who share a little, and these closer than strangers', async () => {
    // 1 follows 0, 2 follows 1. 0 and 3 took to the same thing. Nothing leads from 0 to 4.
    const events = { ...likes([[0, 0], [3, 0], [4, 1]], 2), userCount: 5 }; // biome-ignore format: pairs
    const row = closeTo(await peopleOf(events, { social: followsOf([[1, 0], [2, 1]]) }), 0); // biome-ignore format: pairs
    expect([...row.keys()]).toEqual([1, 2, 3]);
  });

  it('goes along a follow both ways, and leaves out whom a person follows already', async () => {
    const events = { ...likes([], 1), userCount: 3 };
    const model = await peopleOf(events, { social: followsOf([[0, 1], [2, 1]]) }); // biome-ignore format: pairs
    expect([...closeTo(model, 0).keys()]).toEqual([2]);
    expect([...closeTo(model, 1).keys()]).toEqual([0, 2]);
  });

  it('joins those who take to the work of one author', async () => {
    const events = { ...likes([[0, 0], [1, 1]], 2), userCount: 3 }; // biome-ignore format: pairs
    const apart = closeTo(await peopleOf(events), 0);
    const joined = closeTo(await peopleOf(events, { social: { authors: Int32Array.of(2, 2) } }), 0);
    expect([...apart.keys()]).toEqual([]);
    expect([...joined.keys()]).toEqual([2, 1]);
  });

  it('keeps to the groups of a checkerboard', async () => {
    const model = await peopleOf(columnsOf(plant({ users: 60 })));
    for (let person = 0; person < 60; person++) {
      const close = [...closeTo(model, person).keys()];
      expect(close.length).toBeGreaterThan(10);
      for (const other of close) expect(other % 3).toBe(person % 3);
    }
  });

  it('keeps some of the takers of each item and how many there are, the same for the same seed', async () => {
    const crowd = likes(
      Array.from({ length: 300 }, (_, person) => [person, 0] as const),
      2,
    );
    const model = await peopleOf(crowd);
    expect(model.takerCounts).toEqual(Float32Array.of(300, 0));
    expect(model.takers.offsets).toEqual(Int32Array.of(0, 32, 32));
    expect(new Set(model.takers.indices).size).toBe(32);
    expect((await peopleOf(crowd)).takers).toEqual(model.takers);
    expect((await peopleOf(crowd, { seed: 2 })).takers).not.toEqual(model.takers);
  });

  it('makes nothing of nobody', async () => {
    const events = likes([], 1);
    const graph = { ...strangersOf(events), personIds: [] };
    const options = { interactions: foldInteractions(events), parameters: PEOPLE_DEFAULTS, seed: 1, pool: one };
    expect(await trainPeople({ ...options, social: { graph, profiles: [] } })).toBeNull();
  });
});
