import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenServices } from '../../../src/services/create.js';
import { createWorld, request, TENANT, type World } from '../../helpers/services.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

const SHARE = 0.2;

let world: World;
let services: OpenServices;
beforeEach(() => {
  world = createWorld(plantSnapshot({ itemsPerGroup: 40 }));
  services = world.node({ exploration: SHARE });
});

const recommend = async (userId: string, parts = {}, from = services) => {
  const list = await from.recommendations.recommend(request(userId, parts), world.lookup);
  await turn();
  return list;
};
const rulesOf = async (list: Awaited<ReturnType<typeof recommend>>) =>
  Promise.all(list.recommendations.map(async (one) => (await one.explain()).rules.join()));

describe('exploration', () => {
  it('shows uncertain items now and then, says so, and logs with which probability', async () => {
    let tried = 0;
    for (let n = 0; n < 60; n++) {
      const list = await recommend(`person ${n}`);
      const rules = await rulesOf(list);
      const shown = world.stores.shown.at(-1);
      expect(shown?.itemIds).toEqual(list.recommendations.map(({ item }) => item.id));
      rules.forEach((text, at) => {
        const propensity = shown?.propensities[at] ?? 0;
        expect(propensity).toBeGreaterThan(0);
        expect(propensity).toBeLessThanOrEqual(1);
        if (!text.includes('exploration')) return;
        tried += 1;
        expect(propensity).toBeLessThanOrEqual(SHARE);
        // Of forty in a group the last five have fewer than ten positive actions.
        expect(Number(shown?.itemIds[at]?.slice(-3))).toBeGreaterThanOrEqual(35);
      });
    }
    expect(tried / 600).toBeGreaterThan(SHARE / 2);
    expect(tried / 600).toBeLessThan(SHARE * 1.5);
  });

  it('draws the same for the same request id, on any node, though nothing was kept', async () => {
    const lists = [];
    for (let n = 0; n < 4; n++) {
      const alone = createWorld(plantSnapshot({ itemsPerGroup: 40 }));
      const node = alone.node({ exploration: SHARE });
      lists.push((await recommend('ann', { requestId: 'r1' }, node)).recommendations.map(({ item }) => item.id));
    }
    expect(new Set(lists.map(String)).size).toBe(1);
    const others = new Set<string>();
    for (let n = 0; n < 20; n++) {
      const alone = createWorld(plantSnapshot({ itemsPerGroup: 40 }));
      const list = await recommend('ann', { requestId: `r${n}` }, alone.node({ exploration: SHARE }));
      others.add(String(list.recommendations.map(({ item }) => item.id)));
    }
    expect(others.size).toBeGreaterThan(5);
  });

  it('answers and logs a kept list with the probabilities it was drawn by', async () => {
    const first = await recommend('ann', { requestId: 'r1' });
    const again = await recommend('ann', { requestId: 'r2' });
    expect(again.cached).toBe(true);
    expect(again.recommendations.map(({ item }) => item.id)).toEqual(first.recommendations.map(({ item }) => item.id));
    const [one, two] = world.stores.shown;
    expect(two?.propensities).toEqual(one?.propensities);
    expect(two?.features).toEqual(one?.features);
  });

  it('learns: what was shown in vain is tried less', async () => {
    const tries = async (people: string) => {
      const times = new Map<string, number>();
      for (let n = 0; n < 150; n++) {
        const list = await recommend(`${people} ${n}`);
        (await rulesOf(list)).forEach((text, at) => {
          const id = list.recommendations[at]?.item.id ?? '';
          if (text.includes('exploration')) times.set(id, (times.get(id) ?? 0) + 1);
        });
      }
      return times;
    };
    const before = await tries('before');
    const [favourite = '', often = 0] = [...before].sort((a, b) => b[1] - a[1])[0] ?? [];
    await services.dispose();
    const board = { name: `shown:${TENANT}`, halfLifeMs: 7 * 86_400_000 };
    await world.counters.add(board, new Map([[favourite, 90]]), world.now);
    world.now += 10_000;
    const after = (await tries('after')).get(favourite) ?? 0;
    expect(after).toBeLessThan(often / 2);
  });

  it('logs the features of what is shown, in the order it is shown', async () => {
    const list = await recommend('ann');
    const shown = world.stores.shown.at(-1);
    const { names, values } = shown?.features ?? { names: [], values: new Float32Array(0) };
    expect(values).toHaveLength(names.length * 10);
    const at = names.indexOf('popularity');
    const explained = await Promise.all(
      list.recommendations.map(async (one) => {
        const { features } = await one.explain();
        return features.find(({ feature }) => feature === 'popularity')?.value ?? 0;
      }),
    );
    expect(explained.some((value) => value > 0)).toBe(true);
    expect(list.recommendations.map((_, row) => values[row * names.length + at])).toEqual(explained);
    world.snapshot = null;
    await recommend('ann');
    expect(world.stores.shown.at(-1)).toMatchObject({ degraded: 'POPULAR', features: null });
    expect(world.stores.shown.at(-1)?.propensities).toEqual(Array(10).fill(1));
  });

  it('is forgotten with an author', async () => {
    await recommend('ann');
    await services.dispose();
    const board = { name: `authors:${TENANT}`, halfLifeMs: 7 * 86_400_000 };
    const [before = 0] = await world.counters.get(board, ['author-1'], world.now);
    expect(before).toBeGreaterThan(0);
    await services.catalog.eraseUser(TENANT, 'author-1');
    expect(await world.counters.get(board, ['author-1'], world.now)).toEqual([0]);
  });
});
