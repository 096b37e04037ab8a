import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/domain/clock.js';
import { sessionPerson } from '../../../src/domain/session.js';
import { createWorld, request, TENANT, type World } from '../../helpers/services.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const like = (userId: string, itemId: string, sessionId: string | null = null) =>
  world.services.feedback.send(TENANT, { userId, sessionId, action: 'LIKE', target: { itemId } });
const list = async (userId: string, sessionId: string | null = null) =>
  (await world.services.recommendations.recommend(request(userId, { sessionId, diversity: 0 }), world.lookup))
    .recommendations;
const horrors = (shown: Awaited<ReturnType<typeof list>>) =>
  shown.filter(({ item }) => item.id.startsWith('horror')).length;

describe('an anonymous session', () => {
  it('builds a history from its first event', async () => {
    await like(sessionPerson('s1'), 'horror-003');
    const shown = await list(sessionPerson('s1'));
    expect(horrors(shown)).toBe(10);
    expect(shown.map(({ item }) => item.id)).not.toContain('horror-003');
  });

  it("becomes a person's with the first request that names both, be it for a list", async () => {
    for (const id of ['horror-003', 'horror-004']) await like(sessionPerson('s1'), id);
    expect(horrors(await list('ann'))).toBeLessThan(10);
    const shown = await list('ann', 's1');
    expect(horrors(shown)).toBe(10);
    expect(shown[0]?.reason).toMatch(/^Because you liked horror/);
    // It is hers from now on, and the session is a stranger's again.
    expect(horrors(await list('ann'))).toBe(10);
    expect(horrors(await list(sessionPerson('s1')))).toBeLessThan(10);
  });

  it("becomes a person's by feedback too, one at a time or many", async () => {
    for (const id of ['horror-003', 'horror-004']) await like(sessionPerson('s1'), id);
    await like('ann', 'horror-005', 's1');
    expect(horrors(await list('ann'))).toBe(10);
    for (const id of ['horror-003', 'horror-004']) await like(sessionPerson('s2'), id);
    const { accepted } = await world.services.feedback.sendBatch(TENANT, [
      { userId: 'bob', sessionId: 's2', action: 'LIKE', target: { itemId: 'horror-005' } },
    ]);
    expect(accepted).toBe(1);
    expect(horrors(await list('bob'))).toBe(10);
  });

  it('is looked at again after a while, for what was done in it later', async () => {
    await list('ann', 's1');
    for (const id of ['horror-003', 'horror-004']) await like(sessionPerson('s1'), id);
    world.now += MINUTE_MS;
    expect(horrors(await list('ann', 's1'))).toBe(10);
  });

  it('stays with whom it is served while it cannot be moved', async () => {
    for (const id of ['horror-003', 'horror-004']) await like(sessionPerson('s1'), id);
    const { adopt } = world.stores.eventLog;
    Object.assign(world.stores.eventLog, { adopt: async () => Promise.reject(new Error('away')) });
    expect(await list('ann', 's1')).toHaveLength(10);
    Object.assign(world.stores.eventLog, { adopt });
    expect(horrors(await list('ann', 's1'))).toBe(10);
  });

  it('acts on items alone, and nobody acts on it', async () => {
    const follow = (userId: string, person: string) =>
      world.services.feedback.send(TENANT, { userId, action: 'FOLLOW', target: { userId: person } });
    await expect(follow(sessionPerson('s1'), 'ann')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(follow('ann', sessionPerson('s1'))).rejects.toThrow('target.userId must be a person, not a session');
  });
});
