import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/domain/random.js';
import type { LiveList } from '../../../src/sample/liveClient.js';
import { takeTurn } from '../../../src/sample/liveTurn.js';
import { createTasteModel } from '../../../src/sample/taste.js';
import { generateWorld } from '../../../src/sample/world.js';

const world = generateWorld({ users: 60, items: 200, seed: 5, now: Date.UTC(2026, 0) });
const tastes = createTasteModel(5);
const items = world.items.map(({ id, category, tags }) => ({ id, category: category ?? null, tags: tags ?? [] }));
const listOf = (ids: readonly (typeof items)[number][]): LiveList => ({
  requestId: 'r1',
  recommendations: ids.map((item, position) => ({ position, item: { ...item, tags: [...item.tags] } })),
});

describe('a turn of the simulator', () => {
  it('quotes request and position for what came from the list, and neither for what did not', () => {
    const random = seededRandom(1);
    const [person] = world.people;
    if (person === undefined) throw new Error('the world has no people');
    let explored = 0;
    for (let turn = 0; turn < 200; turn++) {
      const shown = items.slice(0, 10);
      const { feedback } = takeTurn({
        random,
        tastes,
        person,
        list: listOf(shown),
        items: items.slice(10),
        rising: [],
      });
      for (const { userId, target, requestId, position } of feedback) {
        expect(userId).toBe(person.id);
        if (requestId === undefined) explored++;
        else expect(shown[position ?? -1]?.id).toBe(target.itemId);
      }
    }
    expect(explored).toBeGreaterThan(0);
  });

  it('enjoys a list that suits the taste more than one that does not, and looks at the top more often', () => {
    const random = seededRandom(2);
    const rates = { best: [0, 0], worst: [0, 0] };
    const places = new Array<number>(10).fill(0);
    for (const person of world.people) {
      const ranked = [...items].sort((a, b) => tastes.appeal(person.taste, b) - tastes.appeal(person.taste, a));
      for (const [name, shown] of [
        ['best', ranked.slice(0, 10)],
        ['worst', ranked.slice(-10)],
      ] as const) {
        for (let turn = 0; turn < 10; turn++) {
          const { looked, enjoyed, feedback } = takeTurn({
            random,
            tastes,
            person,
            list: listOf(shown),
            items: [],
            rising: [],
          });
          rates[name] = [(rates[name][0] ?? 0) + enjoyed, (rates[name][1] ?? 0) + looked];
          for (const place of new Set(feedback.map(({ position }) => position ?? 0)))
            places[place] = (places[place] ?? 0) + 1;
        }
      }
    }
    const rate = ([enjoyed = 0, looked = 0]: readonly number[]) => enjoyed / looked;
    expect(rate(rates.best)).toBeGreaterThan(0.6);
    expect(rate(rates.worst)).toBeLessThan(0.15);
    expect(places[0]).toBeGreaterThan(1.6 * (places[9] ?? 0));
  });

  it('an item that goes viral is met and enjoyed by most', () => {
    const random = seededRandom(3);
    const [person] = world.people;
    const [rising] = items;
    if (person === undefined || rising === undefined) throw new Error('the world is empty');
    let met = 0;
    for (let turn = 0; turn < 300; turn++) {
      const { feedback } = takeTurn({ random, tastes, person, list: listOf([]), items: [], rising: [rising] });
      if (feedback.length > 0) met++;
    }
    expect(met).toBeGreaterThan(50);
  });
});
