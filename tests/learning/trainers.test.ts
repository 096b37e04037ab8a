import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/domain/clock.js';
import { foldIn } from '../../src/features/foldIn.js';
import { foldProfile, PROFILE_ITEMS } from '../../src/features/profile.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import type { EventColumns } from '../../src/learning/examples/eventColumns.js';
import { foldInteractions, groupByUser } from '../../src/learning/examples/interactions.js';
import { ALS_DEFAULTS, trainAls } from '../../src/learning/trainers/als.js';
import { NEIGHBOUR_DEFAULTS, trainItemNeighbours } from '../../src/learning/trainers/itemNeighbours.js';
import { trainPopularity } from '../../src/learning/trainers/popularity.js';
import { columnsOf, groupOf, itemId, plant, START, userId } from './planted.js';

const GROUPS = 3;
const world = plant({ groups: GROUPS });
const events = columnsOf(world);
const interactions = foldInteractions(events);

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

describe('trainAls', () => {
  const parameters = { ...ALS_DEFAULTS, dimensions: 10, iterations: 15 };

  it('recovers a checkerboard: what a person has not seen of their group ranks above everything else', async () => {
    // As many dimensions as there are groups, so that there is no room to remember single events.
    const d = GROUPS;
    const small = { ...parameters, dimensions: d };
    const { model, userFactors } = await trainAls({ interactions, parameters: small, seed: 3, pool: one });
    for (let user = 0; user < interactions.userCount; user++) {
      const seen = new Set(interactions.items.subarray(interactions.offsets[user], interactions.offsets[user + 1]));
      const scores = Array.from({ length: interactions.itemCount }, (_, item) => ({
        item,
        score: Array.from(
          { length: d },
          (_, k) => (userFactors[user * d + k] ?? 0) * (model.itemFactors[item * d + k] ?? 0),
        ).reduce((sum, product) => sum + product, 0),
      })).filter(({ item }) => !seen.has(item));
      const own = scores.filter(({ item }) => groupOf(item, GROUPS) === groupOf(user, GROUPS));
      const others = scores.filter(({ item }) => groupOf(item, GROUPS) !== groupOf(user, GROUPS));
      expect(own.length).toBeGreaterThan(0);
      expect(Math.min(...own.map(({ score }) => score))).toBeGreaterThan(Math.max(...others.map(({ score }) => score)));
    }
  });

  it('lowers its objective with every iteration', async () => {
    const { losses } = await trainAls({ interactions, parameters, seed: 3, pool: one });
    expect(losses).toHaveLength(parameters.iterations);
    for (const [at, loss] of losses.entries())
      if (at > 0) expect(loss).toBeLessThanOrEqual((losses[at - 1] ?? 0) * 1.0001);
  });

  it('gives the same bits for the same seed on any number of threads, and others for another seed', async () => {
    const first = await trainAls({ interactions, parameters, seed: 3, pool: one });
    expect(await trainAls({ interactions, parameters, seed: 3, pool: one })).toEqual(first);
    expect(await trainAls({ interactions, parameters, seed: 3, pool: three })).toEqual(first);
    const other = await trainAls({ interactions, parameters, seed: 4, pool: one });
    expect(other.model.itemFactors).not.toEqual(first.model.itemFactors);
  });

  it('has one objective with fold-in: a folded-in person stands where training put them', async () => {
    const mixed = withDislikes(events);
    const folded = foldInteractions(mixed);
    const exact = { ...parameters, steps: 40 };
    const { model, userFactors } = await trainAls({ interactions: folded, parameters: exact, seed: 3, pool: three });
    const byUser = groupByUser(mixed);
    for (let user = 0; user < mixed.userCount; user++) {
      const newestFirst = Array.from(byUser.events.subarray(byUser.offsets[user], byUser.offsets[user + 1]))
        .reverse()
        .map((event) => ({
          item: mixed.items[event] ?? 0,
          worth: mixed.worths[event] ?? 0,
          time: mixed.times[event] ?? 0,
        }));
      const profile = foldProfile(newestFirst);
      expect(profile.items.length).toBeLessThan(PROFILE_ITEMS);
      const vector = foldIn(model, profile) ?? [];
      for (let k = 0; k < model.dimensions; k++) {
        expect(vector[k]).toBeCloseTo(userFactors[user * model.dimensions + k] ?? Number.NaN, 4);
      }
    }
  });

  it('leaves items and people without events at the origin', async () => {
    const empty = foldInteractions({ ...events, users: events.users.slice(0, 0) }, 0);
    const { model, userFactors } = await trainAls({ interactions: empty, parameters, seed: 3, pool: one });
    expect(model.itemFactors.every((value) => value === 0)).toBe(true);
    expect(userFactors.every((value) => value === 0)).toBe(true);
  });
});

describe('trainItemNeighbours', () => {
  it('puts only items of the same group beside each other', async () => {
    const { offsets, indices, values } = await trainItemNeighbours({
      interactions,
      parameters: NEIGHBOUR_DEFAULTS,
      pool: one,
    });
    for (let item = 0; item < interactions.itemCount; item++) {
      const row = Array.from(indices.subarray(offsets[item], offsets[item + 1]));
      expect(row.length).toBeGreaterThan(5);
      expect(row).not.toContain(item);
      for (const other of row) expect(groupOf(other, GROUPS)).toBe(groupOf(item, GROUPS));
      const similarities = values.subarray(offsets[item], offsets[item + 1]);
      for (const [at, value] of similarities.entries()) {
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThanOrEqual(1);
        if (at > 0) expect(value).toBeLessThanOrEqual(similarities[at - 1] ?? 0);
      }
    }
  });

  it('gives the same bits on any number of threads', async () => {
    const first = await trainItemNeighbours({ interactions, parameters: NEIGHBOUR_DEFAULTS, pool: one });
    expect(await trainItemNeighbours({ interactions, parameters: NEIGHBOUR_DEFAULTS, pool: three })).toEqual(first);
  });

  it('does not take what was turned down for a visit', async () => {
    const turnedDown = { ...interactions, worth: interactions.worth.map(() => -1) };
    const rows = await trainItemNeighbours({ interactions: turnedDown, parameters: NEIGHBOUR_DEFAULTS, pool: one });
    expect(rows.indices).toHaveLength(0);
  });

  it('counts no more of a person than their newest items', async () => {
    const parameters = { ...NEIGHBOUR_DEFAULTS, historyLimit: 2 };
    const { indices } = await trainItemNeighbours({ interactions, parameters, pool: one });
    // Two items a person make one pair, seen from both sides.
    expect(indices.length).toBeLessThanOrEqual(2 * interactions.userCount);
    expect(indices.length).toBeGreaterThan(0);
  });
});

describe('trainPopularity', () => {
  const item = (index: number) => ({ itemId: itemId(index), action: 'LIKE' as const, value: null });
  const parameters = { halfLifeDays: 10 };
  const items = world.items.slice(0, 4);
  const createdAt = Float64Array.from(items, ({ createdAt }) => createdAt.getTime());
  const learn = (list: readonly { user: number; item: number; day: number }[]) =>
    trainPopularity({
      createdAt,
      parameters,
      interactions: foldInteractions(
        columnsOf({
          items,
          events: list.map((event) => ({
            ...item(event.item),
            userId: userId(event.user),
            occurredAt: START + event.day * DAY_MS,
          })),
        }),
      ),
    });

  it('halves a like every half-life and scales to the most popular', () => {
    const { prior, order } = learn([
      { user: 0, item: 0, day: 0 },
      { user: 1, item: 1, day: 10 },
      { user: 2, item: 1, day: 10 },
      { user: 0, item: 2, day: 10 },
    ]);
    expect(Array.from(prior)).toEqual([0.25, 1, 0.5, 0]);
    expect(Array.from(order)).toEqual([1, 2, 0, 3]);
  });

  it('counts a person once for an item, however often they come back', () => {
    const { prior } = learn([
      { user: 0, item: 0, day: 1 },
      { user: 0, item: 0, day: 2 },
      { user: 0, item: 0, day: 3 },
      { user: 1, item: 1, day: 3 },
    ]);
    expect(prior[0]).toBe(prior[1]);
  });

  it('puts the newest first where nobody liked anything', () => {
    const { prior, order } = learn([]);
    expect(Array.from(prior)).toEqual([0, 0, 0, 0]);
    expect(Array.from(order)).toEqual([0, 1, 2, 3]);
    expect(createdAt[0]).toBeGreaterThan(createdAt[1] ?? 0);
  });
});

/** Every fifth like becomes a dislike, so that both kinds of observation are there. */
function withDislikes(columns: EventColumns): EventColumns {
  return { ...columns, worths: columns.worths.map((worth, at) => (at % 5 === 0 ? -worth : worth)) };
}
