import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/domain/clock.js';
import { seededRandom } from '../../src/domain/random.js';
import { countOf } from '../../src/features/itemCounts.js';
import type { EventColumns } from '../../src/learning/examples/eventColumns.js';
import { trainCounts } from '../../src/learning/trainers/counts.js';
import { START } from './planted.js';

const ITEMS = 40;
const DAYS = 60;
const DAY = 2;

/** A hundred people a day, ten events each: `choose` says what they meet, and with which worth. */
function logOf(choose: (person: number, day: number, n: number) => { item: number; worth?: number }): EventColumns {
  const random = seededRandom(7);
  const events = Array.from({ length: DAYS * 100 }, (_, person) => {
    const day = Math.floor(person / 100);
    const start = START + day * DAY_MS + Math.floor(random() * 22 * HOUR_MS);
    return Array.from({ length: 10 }, (_, n) => ({ person, time: start + n, ...choose(person, day, n) }));
  })
    .flat()
    .sort((a, b) => a.time - b.time);
  return {
    userCount: DAYS * 100,
    itemCount: ITEMS,
    circumstances: [],
    facts: [],
    users: Int32Array.from(events, ({ person }) => person),
    items: Int32Array.from(events, ({ item }) => item),
    worths: Float32Array.from(events, ({ worth = 3 }) => worth),
    times: Float64Array.from(events, ({ time }) => time),
  };
}

const learn = (events: EventColumns, count = events.users.length) =>
  trainCounts({ events, count, prior: new Float32Array(ITEMS).fill(1), halfLifeDays: 180 });

const shapeOfDay = async (events: EventColumns) => (await learn(events)).shapes[DAY] ?? 0;

describe('trainCounts', () => {
  it('trusts recent counts where fashions last for days, and not where all is as ever', async () => {
    const random = seededRandom(8);
    const any = () => Math.floor(random() * ITEMS);
    const fashion = await shapeOfDay(logOf((_, day) => ({ item: random() < 0.3 ? Math.floor(day / 5) : any() })));
    const chance = await shapeOfDay(logOf(() => ({ item: any() })));
    expect(fashion).toBeLessThan(6);
    expect(chance).toBeGreaterThan(20 * fashion);
  });

  it('does not take the binges of single people for a fashion', async () => {
    const random = seededRandom(9);
    // Everyone keeps to four neighbouring items of their own choice: within an hour they dominate the counts.
    const homes = Array.from({ length: DAYS * 100 }, () => Math.floor(random() * ITEMS));
    const binges = await shapeOfDay(logOf((person, _, n) => ({ item: ((homes[person] ?? 0) + (n % 4)) % ITEMS })));
    expect(binges).toBeGreaterThan(20);
  });

  it('trusts recent rates where they change for days, not where items are what they were', async () => {
    const random = seededRandom(10);
    const pleased = (chance: number) => (random() < chance ? 3 : -1);
    const learnRates = (chance: (item: number, day: number) => number) =>
      learn(
        logOf((_, day, n) => {
          const item = (Math.floor(random() * ITEMS) + n) % ITEMS;
          return { item, worth: pleased(chance(item, day)) };
        }),
      );
    // Each item pleases for ten days in turn, then no more.
    const changing = await learnRates((item, day) => ((item + Math.floor(day / 10)) % 4 === 0 ? 0.8 : 0.1));
    const constant = await learnRates((item) => (item % 2 === 0 ? 0.1 : 0.6));
    expect(changing.strengths[DAY]).toBeLessThan(15);
    expect(constant.strengths[DAY]).toBeGreaterThan(10 * (changing.strengths[DAY] ?? 0));
    expect(constant.rates[0]).toBeCloseTo(0.1, 1);
    expect(constant.rates[1]).toBeCloseTo(0.6, 1);
  });

  it('counts the first events and no other', async () => {
    const events = logOf((person, _, n) => ({ item: (person + n) % ITEMS }));
    const half = events.users.length / 2;
    const later = { ...events, worths: events.worths.map((worth, event) => (event < half ? worth : -worth)) };
    expect(await learn(later, half)).toEqual(await learn(events, half));
    const counts = await learn(events, half);
    expect(counts.rates.every((rate) => rate === 1)).toBe(true);
    expect(countOf(counts, 0, 'meetings', DAY, events.times[half - 1] ?? 0)).toBeGreaterThan(10);
  });

  it('knows nothing of an empty log, and trusts nothing without time', async () => {
    const events = logOf(() => ({ item: 1 }));
    const empty = await learn(events, 0);
    expect(empty.rates.every((rate) => rate === 0)).toBe(true);
    expect(empty.tallies.every((count) => count === 0)).toBe(true);
    const still = await learn({ ...events, times: new Float64Array(events.times.length) });
    for (const shape of [...still.shapes, ...still.strengths]) expect(shape).toBe(Number.POSITIVE_INFINITY);
  });
});
