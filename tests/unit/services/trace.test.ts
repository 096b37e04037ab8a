import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../../src/domain/actions.js';
import { ruleDraft } from '../../helpers/rules.js';
import { createWorld, request, TENANT, type World } from '../../helpers/services.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const act = (userId: string, action: Action, itemId: string) =>
  world.services.feedback.send(TENANT, { userId, action, target: { itemId } });

async function traced(itemIds: readonly string[]) {
  const list = await world.services.recommendations.recommend(request('ann', { diversity: 0 }), world.lookup);
  const trace = await list.trace(itemIds);
  if (trace === null) throw new Error('there is a model');
  return { list, trace };
}

describe('the trace of a list', () => {
  it('has every component that ran, with its time and its counts', async () => {
    await act('ann', 'LIKE', 'horror-003');
    const { trace } = await traced([]);
    const names = trace.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['neighbours', 'features', 'seen', 'learned', 'diversity']));
    const step = (name: string) => trace.steps.find((one) => one.name === name);
    expect(step('neighbours')).toMatchObject({ stage: 'source', in: 0, error: null });
    expect(step('neighbours')?.out).toBeGreaterThan(0);
    expect(step('heuristic')?.in).toBe(step('diversity')?.in);
    for (const { ms } of trace.steps) expect(ms).toBeGreaterThanOrEqual(0);
  });

  it('says of each item why it is there, or is not', async () => {
    await act('ann', 'LIKE', 'horror-003');
    await act('ann', 'HIDE', 'horror-004');
    await world.services.rules.upsert(TENANT, ruleDraft('horror-005'));
    const { list } = await traced([]);
    const shown = list.recommendations[1]?.item.id ?? '';
    const { trace } = await traced(['horror-003', 'horror-004', 'horror-005', 'nobody', shown, 'family-015']);
    const [seen, banished, forbidden, unknown, second, low] = trace.items;
    expect(seen?.why).toBe('kept out by seen: the person acted on it');
    expect(banished?.why).toMatch(/^kept out by banished: /);
    expect(forbidden?.why).toMatch(/^kept out by forbidden: /);
    expect(unknown).toEqual({
      itemId: 'nobody',
      position: null,
      score: null,
      sources: [],
      rules: [],
      why: 'the model version does not know it',
    });
    expect(second).toMatchObject({ itemId: shown, position: 1 });
    expect(second?.score).toBeGreaterThan(0);
    expect(second?.sources.length).toBeGreaterThan(0);
    expect(second?.why).toMatch(/^shown at position 1 of \d+ that were ranked$/);
    expect(low?.position).toBeNull();
    expect(low?.why).toMatch(/^(ranked at position \d+ of \d+, and the first 10 are shown|no source named it)$/);
  });

  it('leaves no trace of its own: nothing is logged as shown', async () => {
    const { list } = await traced(['horror-003']);
    const again = await world.services.recommendations.recommend(request('ann', { diversity: 0 }), world.lookup);
    expect(again.cached).toBe(true);
    expect(again.recommendations.map(({ item }) => item.id)).toEqual(list.recommendations.map(({ item }) => item.id));
  });
});
