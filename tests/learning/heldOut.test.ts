import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/random.js';
import { POSITIVE_WORTH } from '../../src/features/worth.js';
import type { EventColumns } from '../../src/learning/examples/eventColumns.js';
import { type HoldOutOptions, holdOut } from '../../src/learning/examples/heldOut.js';
import { columnsOf, plant, START } from './planted.js';

const world = columnsOf(plant({ users: 40, items: 60, eventsPerUser: 12, seed: 5 }));
const still: EventColumns = { ...world, times: world.times.map(() => START) };

const split = (given: Partial<HoldOutOptions> = {}) =>
  holdOut({
    events: still,
    people: 15,
    share: 0.25,
    most: 20,
    positiveWorth: POSITIVE_WORTH,
    random: seededRandom(9),
    ...given,
  });

const pairsOf = ({ users, items }: EventColumns): string[] => Array.from(users, (user, at) => `${user} ${items[at]}`);

describe('holdOut', () => {
  it('asks some people for a quarter of their items, knowing the rest', () => {
    const { kept, moments } = split();
    expect(moments).toHaveLength(15);
    expect(moments.map(({ user }) => user)).toEqual(
      [...new Set(moments.map(({ user }) => user))].sort((a, b) => a - b),
    );
    for (const { user, now, seen, liked, profile } of moments) {
      const own = pairsOf(still).filter((pair) => pair.startsWith(`${user} `));
      const known = pairsOf(kept).filter((pair) => pair.startsWith(`${user} `));
      expect(now).toBe(START);
      expect(liked.size).toBe(3);
      expect(known).toHaveLength(9);
      expect(new Set([...seen].map((item) => `${user} ${item}`))).toEqual(new Set(known));
      expect(new Set(profile.items)).toEqual(seen);
      for (const item of liked) {
        expect(seen.has(item)).toBe(false);
        expect(own).toContain(`${user} ${item}`);
      }
    }
  });

  it('takes from what may be learned exactly what is asked for', () => {
    const { kept, moments } = split();
    const asked = new Set(moments.flatMap(({ user, liked }) => [...liked].map((item) => `${user} ${item}`)));
    expect(pairsOf(kept)).toEqual(pairsOf(still).filter((pair) => !asked.has(pair)));
    expect(kept.times).toHaveLength(kept.users.length);
    expect(kept.worths).toHaveLength(kept.users.length);
  });

  it('puts aside every event on a pair, and asks only for what was taken to', () => {
    // Everything happened twice, and everything of the items below 30 was turned down once.
    const twice: EventColumns = {
      ...still,
      users: Int32Array.from([...still.users, ...still.users]),
      items: Int32Array.from([...still.items, ...still.items]),
      worths: Float32Array.from([...still.items, ...still.items], (item) => (item < 30 ? -3 : 3)),
      times: new Float64Array(2 * still.users.length).fill(START),
    };
    const { kept, moments } = split({ events: twice });
    const known = new Set(pairsOf(kept));
    expect(kept.users.length).toBe(twice.users.length - 15 * 3 * 2);
    for (const { user, liked } of moments) {
      for (const item of liked) {
        expect(item).toBeGreaterThanOrEqual(30);
        expect(known.has(`${user} ${item}`)).toBe(false);
      }
    }
    expect(moments.some(({ liked }) => liked.size < 3)).toBe(true);
  });

  it('holds out no more than the most, and nothing of those who have too little', () => {
    for (const { liked } of split({ most: 2 }).moments) expect(liked.size).toBe(2);
    expect(split({ share: 0.05 })).toEqual({ kept: still, moments: [] });
    expect(split({ people: 1000 }).moments).toHaveLength(40);
  });

  it('does the same for the same seed, and another thing for another', () => {
    expect(split()).toEqual(split());
    expect(split({ random: seededRandom(10) }).moments).not.toEqual(split().moments);
  });
});
