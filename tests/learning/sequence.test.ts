import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/clock.js';
import { seededRandom } from '../../src/domain/random.js';
import { whatFollows } from '../../src/features/following.js';
import { foldProfile } from '../../src/features/profile.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { foldEncounters } from '../../src/learning/examples/encounters.js';
import type { EventColumns } from '../../src/learning/examples/eventColumns.js';
import { SEQUENCE_DEFAULTS, type SequenceParameters, trainSequence } from '../../src/learning/trainers/sequence.js';
import type { SequenceModel, SparseRows } from '../../src/registry/snapshot.js';

interface Step {
  readonly item: number;
  /** @default 3 */
  readonly worth?: number;
  /** @default a minute after the one before */
  readonly time?: number;
}

const LIKED = 3;
const ITEMS = 30;

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

/** The log of people, each with what they did in order, as training reads it: by time. */
function logOf(people: readonly (readonly Step[])[]): EventColumns {
  const events = people
    .flatMap((steps, user) => {
      let now = user * DAY_MS;
      return steps.map(({ item, worth = LIKED, time }) => {
        now = time === undefined ? now + MINUTE_MS : time;
        return { user, item, worth, time: now };
      });
    })
    .sort((a, b) => a.time - b.time);
  return {
    userCount: people.length,
    itemCount: ITEMS,
    circumstances: [],
    facts: [],
    users: Int32Array.from(events, ({ user }) => user),
    items: Int32Array.from(events, ({ item }) => item),
    worths: Float32Array.from(events, ({ worth }) => worth),
    times: Float64Array.from(events, ({ time }) => time),
  };
}

async function learn(
  people: readonly (readonly Step[])[],
  parameters: Partial<SequenceParameters> = {},
  pool = one,
): Promise<SequenceModel> {
  const model = await trainSequence({
    encounters: foldEncounters(logOf(people)),
    parameters: { ...SEQUENCE_DEFAULTS, ...parameters },
    pool,
  });
  if (model === null) throw new Error('nothing was learned');
  return model;
}

function rowOf({ offsets, indices, values }: SparseRows, row: number): ReadonlyMap<number, number> {
  const [from, to] = [offsets[row] ?? 0, offsets[row + 1] ?? 0];
  return new Map(Array.from(indices.subarray(from, to), (item, at) => [item, values[from + at] ?? 0]));
}

const strength = (rows: SparseRows, row: number, item: number) => rowOf(rows, row).get(item) ?? 0;
const inOrder = (...items: readonly number[]): Step[] => items.map((item) => ({ item }));
const profileOf = (...newestFirst: readonly number[]) =>
  foldProfile(newestFirst.map((item, at) => ({ item, worth: LIKED, time: DAY_MS - at })));

describe('trainSequence', () => {
  it('recovers a planted order: after each item comes the next, and not the one before', async () => {
    const random = seededRandom(5);
    const people = Array.from({ length: 40 }, () => {
      const start = Math.floor(random() * ITEMS);
      return inOrder(...Array.from({ length: 8 }, (_, at) => (start + at) % ITEMS));
    });
    const { followers } = await learn(people);
    for (let item = 0; item < ITEMS; item++) {
      const row = rowOf(followers, item);
      expect([...row.keys()][0]).toBe((item + 1) % ITEMS);
      expect(row.get((item + ITEMS - 1) % ITEMS)).toBeUndefined();
      expect(row.get((item + 2) % ITEMS)).toBeGreaterThan(row.get((item + 4) % ITEMS) ?? 0);
      expect(row.has(item)).toBe(false);
    }
  });

  it('does not pretend an order where there is none', async () => {
    const together = Array.from({ length: 6 }, (_, user) => {
      const time = user * DAY_MS;
      return [{ item: 1, time }, { item: 2, time }, { item: 9 }];
    });
    const { followers } = await learn(together);
    expect(strength(followers, 1, 2)).toBeGreaterThan(0);
    expect(strength(followers, 1, 2)).toBe(strength(followers, 2, 1));
    expect(strength(followers, 1, 9)).toBe(strength(followers, 2, 9));
    const turned = together.map(([a, b, c]) => [b, a, c].flatMap((step) => step ?? []));
    expect(await learn(turned)).toEqual(await learn(together));
  });

  it('learns nothing of a log without times', async () => {
    const people = Array.from({ length: 9 }, () => inOrder(1, 2, 3).map((step) => ({ ...step, time: 0 })));
    const encounters = foldEncounters(logOf(people));
    expect(await trainSequence({ encounters, parameters: SEQUENCE_DEFAULTS, pool: one })).toBeNull();
  });

  it('lets what was turned down lead, and never follow', async () => {
    const { followers } = await learn(
      Array.from({ length: 5 }, () => [{ item: 1, worth: -3 }, { item: 2, worth: -3 }, { item: 3 }]),
    );
    expect(rowOf(followers, 1)).toEqual(new Map([[3, expect.any(Number)]]));
    expect(rowOf(followers, 2).has(3)).toBe(true);
  });

  it('counts less what came later, and in another session', async () => {
    const plain = { pairReach: 0, popularityExponent: 0 };
    const valueAfter = async (time: number, parameters: Partial<SequenceParameters> = {}) => {
      const people = Array.from({ length: 5 }, () => [
        { item: 1, time: 0 },
        { item: 2, time },
      ]);
      return strength((await learn(people, { ...plain, ...parameters })).followers, 1, 2);
    };
    const soon = await valueAfter(MINUTE_MS);
    expect(await valueAfter(25 * MINUTE_MS)).toBeLessThan(soon);
    expect(await valueAfter(HOUR_MS)).toBeLessThan((await valueAfter(25 * MINUTE_MS)) * 0.7);
    expect(await valueAfter(HOUR_MS, { acrossSessions: 1 })).toBeGreaterThan((await valueAfter(HOUR_MS)) * 1.5);
    expect(await valueAfter(HOUR_MS, { acrossSessions: 0 })).toBe(0);
  });

  it('knows by pairs what neither of the two says alone, and has the single items to fall back on', async () => {
    // After 1 and 2, in either order, comes 5; after either with something else comes 6.
    const people = Array.from({ length: 30 }, (_, user) => {
      const others: readonly Step[][] = [
        inOrder(1, 2, 5),
        inOrder(2, 1, 5),
        inOrder(1, 10 + (user % 9), 6),
        inOrder(2, 10 + (user % 9), 6),
      ];
      return others[user % 4] ?? [];
    });
    const model = await learn(people);
    const frequent = [1, 2, 1, 5, 1, 6, 2, 5, 2, 6];
    expect(Array.from(model.pairs)).toEqual(frequent);
    expect(strength(model.pairFollowers, 0, 5)).toBeGreaterThan(1.2 * strength(model.followers, 1, 5));
    expect(strength(model.followers, 1, 6)).toBeGreaterThan(0);
    expect(strength(model.pairFollowers, 0, 6)).toBe(0);
    const both = whatFollows(model, profileOf(2, 1));
    expect(both.pairs.scoreOf(5)).toBeGreaterThan(0);
    expect(whatFollows(model, profileOf(1, 2)).pairs.scoreOf(5)).toBeCloseTo(both.pairs.scoreOf(5), 1);
    const alone = whatFollows(model, profileOf(2, 20));
    expect(alone.pairs.items).toHaveLength(0);
    expect(alone.items.scoreOf(6)).toBeGreaterThan(0);
  });

  it('gives the same bits on any number of threads', async () => {
    const random = seededRandom(8);
    const people = Array.from({ length: 50 }, () =>
      Array.from({ length: 20 }, () => ({ item: Math.floor(random() * ITEMS), worth: random() * 4 - 1 })),
    );
    expect(await learn(people, {}, three)).toEqual(await learn(people));
  });
});

describe('foldEncounters', () => {
  it('has each item where it was met first, with all that was thought of it, moments in the middle of their places', () => {
    const time = 5 * HOUR_MS;
    const log = logOf([
      [
        { item: 4, worth: 1, time: 0 },
        { item: 7, worth: 1 },
        { item: 4, worth: LIKED },
        { item: 3, time },
      ],
      [
        { item: 1, time },
        { item: 2, time },
        { item: 9, time },
      ],
    ]);
    const { offsets, items, worth, places, sessions, times } = foldEncounters(log);
    expect(Array.from(offsets)).toEqual([0, 3, 6]);
    expect(Array.from(items)).toEqual([4, 7, 3, 1, 2, 9]);
    expect(Array.from(worth)).toEqual([LIKED, 1, LIKED, LIKED, LIKED, LIKED]);
    expect(Array.from(places)).toEqual([0, 2, 4, 2, 2, 2]);
    expect(Array.from(sessions)).toEqual([0, 0, 1, 0, 0, 0]);
    expect(times[2]).toBe(time);
    expect(Array.from(foldEncounters(log, 2).items)).toEqual([4, 7]);
  });
});
