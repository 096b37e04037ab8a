import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/domain/clock.js';
import { createVerifyBearer } from '../../src/server/auth/bearer.js';
import { signToken } from '../../src/server/auth/token.js';
import { openMemory } from '../../src/store/memory/open.js';
import { createMemoryRateLimiter } from '../../src/store/memory/rateLimiter.js';
import { SECRET } from '../helpers/server.js';
import { createWorld, request, TENANT, type World } from '../helpers/services.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.services.dispose());

const bucket = { capacity: 5, refill: 5, intervalMs: 60_000 };

describe.each([
  ['an hour forward', HOUR_MS],
  ['an hour back', -HOUR_MS],
])('the clock jumps %s', (_how, jump) => {
  const list = (user: string) => world.services.recommendations.recommend(request(user), world.lookup);
  const like = (user: string, itemId: string, eventId: string) =>
    world.services.feedback.send(TENANT, { userId: user, eventId, action: 'LIKE', target: { itemId } });

  it('lists stay whole, change with feedback, and what counted counts once', async () => {
    const before = await list('ann');
    world.now += jump;
    const after = await list('ann');
    expect(after.degraded).toBe(before.degraded);
    expect(after.recommendations).toHaveLength(before.recommendations.length);
    const liked = after.recommendations[0]?.item.id ?? '';
    await like('ann', liked, 'e1');
    const next = await list('ann');
    expect(next.cached).toBe(false);
    expect(next.recommendations.map(({ item }) => item.id)).not.toContain(liked);
    world.now -= jump;
    expect(await like('ann', liked, 'e1')).toMatchObject({ duplicate: true });
    expect((await list('ann')).recommendations.map(({ item }) => item.id)).not.toContain(liked);
  });

  it('nobody is shut out by a limit for longer than its window, nor let in without end', async () => {
    let now = 1_800_000_000_000;
    const limiter = createMemoryRateLimiter({ clock: () => now });
    const takes = async (times: number) => {
      let allowed = 0;
      for (let n = 0; n < times; n++) if ((await limiter.take('feedback', 'ann', bucket, 1)).allowed) allowed++;
      return allowed;
    };
    expect(await takes(10)).toBe(5);
    now += jump;
    expect(await takes(50)).toBeLessThanOrEqual(5);
    now += bucket.intervalMs;
    expect(await takes(10)).toBeGreaterThan(0);
    now -= jump;
    expect(await takes(50)).toBeLessThanOrEqual(10);
    now += bucket.intervalMs;
    expect(await takes(10)).toBeGreaterThan(0);
  });

  it('what is cached is never older than it may be by more than the jump, and can be written anew', async () => {
    let now = 1_800_000_000_000;
    const { cache } = openMemory({ clock: () => now });
    await cache.set('key', 'old', 10_000);
    now += jump;
    await cache.set('key', 'new', 10_000);
    expect(await cache.get('key')).toBe('new');
    now += 10_001;
    expect(await cache.get('key')).toBeNull();
  });

  it('a token that expires is refused once it has, whatever was believed of it before', async () => {
    let now = Date.now();
    const token = await signToken({ secret: SECRET, userId: 'ann', role: 'user', tenant: TENANT, expiresIn: '30m' });
    const verify = createVerifyBearer({
      auth: { secret: SECRET, jwksUrl: null },
      defaultTenant: TENANT,
      clock: () => now,
    });
    expect((await verify(token)).identity.userId).toBe('ann');
    now += jump;
    if (jump > 0) await expect(verify(token)).rejects.toThrow('expired');
    else expect((await verify(token)).identity.userId).toBe('ann');
    now -= jump;
    expect((await verify(token)).identity.userId).toBe('ann');
  });
});
