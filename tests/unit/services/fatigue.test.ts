import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, request, TENANT, type World } from '../../helpers/services.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.services.dispose());

/** The ids of a list, once it is counted. */
const show = async (services = world.services, parts = {}) => {
  const wanted = request('ann', { diversity: 0, ...parts });
  const list = await services.recommendations.recommend(wanted, world.lookup);
  await turn();
  return list;
};
type Shown = Awaited<ReturnType<typeof show>>;
const idsOf = ({ recommendations }: Shown) => recommendations.map(({ item }) => item.id);

describe('what is shown again and again', () => {
  it('is kept for some times, and gives way to something else then', async () => {
    const lists: Shown[] = [];
    for (let n = 0; n < 6; n++) lists.push(await show());
    expect(lists.map(({ cached }) => cached)).toEqual([false, true, true, true, false, true]);
    expect(idsOf(lists[3] ?? (await show()))).toEqual(idsOf(lists[0] ?? (await show())));
    const after = lists[5] ?? (await show());
    expect(idsOf(after).some((id) => !idsOf(lists[0] ?? after).includes(id))).toBe(true);
    const all = (await show(world.services, { first: 100 })).recommendations;
    const tired = all.find(({ item }) => item.id === idsOf(lists[0] ?? after)[0]);
    expect((await tired?.explain())?.rules).toContainEqual(
      expect.stringMatching(/^fatigue: shown \d times, score 0\.\d+ to 0\.\d+$/),
    );
  });

  it('is fresh again after they act on it', async () => {
    const first = idsOf(await show())[0] ?? '';
    for (let n = 0; n < 5; n++) await show();
    const scoreOf = async () => {
      const { recommendations } = await show(world.services, { first: 100, excludeSeen: false });
      return (await recommendations.find(({ item }) => item.id === first)?.explain())?.rules ?? [];
    };
    expect((await scoreOf()).join()).toContain('fatigue');
    world.now += 1;
    await world.services.feedback.send(TENANT, { userId: 'ann', action: 'VIEW', target: { itemId: first } });
    expect((await scoreOf()).join()).not.toContain('fatigue');
  });

  it('is known to the other nodes, and to one that starts later', async () => {
    const other = world.node();
    await show(other);
    for (let n = 0; n < 9; n++) await show();
    const [here, later] = [idsOf(await show()), idsOf(await show(world.node()))];
    expect(later).toEqual(here);
    await expect.poll(async () => idsOf(await show(other, { requestId: null }))).toEqual(here);
    await other.dispose();
  });

  it('is forgotten with the person', async () => {
    const before = idsOf(await show());
    for (let n = 0; n < 9; n++) await show();
    expect(idsOf(await show())).not.toEqual(before);
    await world.services.catalog.eraseUser(TENANT, 'ann');
    expect(idsOf(await show())).toEqual(before);
  });

  it('does not tire anyone else', async () => {
    const before = idsOf(await show());
    for (let n = 0; n < 9; n++) await show();
    const bob = await world.services.recommendations.recommend(request('bob', { diversity: 0 }), world.lookup);
    expect(idsOf(bob)).toEqual(before);
  });
});
