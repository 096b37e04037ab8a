import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RateLimiter } from '../../src/store/ports/rateLimiter.js';
import { liveAdapters } from '../helpers/liveAdapters.js';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);
const bucket = { capacity: 5, refill: 2, intervalMs: MINUTE };
const adapters = liveAdapters();

// Both adapters go by the system's date here: the Redis one always does, its library reads it.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});
const wait = (ms: number) => vi.setSystemTime(Date.now() + ms);

describe.each(adapters)('rateLimiter: $name', ({ name, lack, open, disposeAll }) => {
  let limiter: RateLimiter;
  beforeAll(async () => {
    if (lack === null) limiter = (await open()).rateLimiter;
  });
  beforeEach(({ skip }) => skip(lack !== null, lack ?? undefined));
  afterAll(disposeAll);

  it('lets a full bucket through, then refuses until the refill', async () => {
    const caller = randomUUID();
    for (let left = 4; left >= 0; left--) {
      expect(await limiter.take('test', caller, bucket)).toEqual({
        allowed: true,
        limit: 5,
        remaining: left,
        retryAfterMs: 0,
        resetMs: MINUTE,
        local: false,
      });
    }
    wait(20_000);
    const refused = { allowed: false, limit: 5, remaining: 0, retryAfterMs: 40_000, resetMs: 40_000, local: false };
    expect(await limiter.take('test', caller, bucket)).toEqual(refused);
    expect(await limiter.take('test', caller, bucket)).toEqual(refused);
    wait(39_999);
    expect(await limiter.take('test', caller, bucket)).toEqual({ ...refused, retryAfterMs: 1, resetMs: 1 });
    wait(1);
    expect(await limiter.take('test', caller, bucket)).toEqual({
      allowed: true,
      limit: 5,
      remaining: 1,
      retryAfterMs: 0,
      resetMs: MINUTE,
      local: false,
    });
  });

  it('takes several tokens or none', async () => {
    const caller = randomUUID();
    expect(await limiter.take('test', caller, bucket, 4)).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.take('test', caller, bucket, 4)).toEqual({
      allowed: false,
      limit: 5,
      remaining: 1,
      retryAfterMs: 2 * MINUTE,
      resetMs: MINUTE,
      local: false,
    });
    // The refused four have not emptied the bucket.
    expect(await limiter.take('test', caller, bucket, 1)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await limiter.take('test', caller, bucket, 1)).toMatchObject({ allowed: false, retryAfterMs: MINUTE });
    expect(await limiter.take('test', caller, bucket, 3)).toMatchObject({ allowed: false, retryAfterMs: 2 * MINUTE });
    wait(2 * MINUTE);
    expect(await limiter.take('test', caller, bucket, 4)).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('never lets more than the capacity through at once', async () => {
    const caller = randomUUID();
    expect(await limiter.take('test', caller, bucket, 6)).toMatchObject({ allowed: false, remaining: 5 });
    expect(await limiter.take('test', caller, bucket, 5)).toMatchObject({ allowed: true });
  });

  it('does not fill beyond the capacity', async () => {
    const caller = randomUUID();
    await limiter.take('test', caller, bucket, 5);
    wait(1_000 * MINUTE);
    expect(await limiter.take('test', caller, bucket)).toMatchObject({ remaining: 4 });
  });

  it('keeps names and callers apart', async () => {
    const [caller, other] = [randomUUID(), randomUUID()];
    await limiter.take('test', caller, bucket, 5);
    expect(await limiter.take('test', caller, bucket)).toMatchObject({ allowed: false });
    expect(await limiter.take('test', other, bucket)).toMatchObject({ allowed: true });
    expect(await limiter.take('else', caller, bucket)).toMatchObject({ allowed: true });
  });

  it('of concurrent calls lets through as many as there are tokens', async () => {
    const caller = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => limiter.take('test', caller, bucket)));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  it('is exact over two nodes that take at once', async ({ skip }) => {
    // Of one process there is one node.
    skip(name === 'memory', 'one process is one node');
    const wide = { capacity: 200, refill: 200, intervalMs: MINUTE };
    const nodes = [await open(), await open()];
    const caller = randomUUID();
    const taken = nodes.flatMap(({ rateLimiter }) =>
      Array.from({ length: 180 }, () => rateLimiter.take('test', caller, wide)),
    );
    const answers = await Promise.all(taken);
    expect(answers.filter(({ local }) => local)).toEqual([]);
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(200);
    expect(answers.filter(({ allowed }) => !allowed)).toHaveLength(160);
  });

  it.each([
    [{ ...bucket, capacity: 0 }, 1, 'capacity'],
    [{ ...bucket, refill: 0.5 }, 1, 'refill'],
    [{ ...bucket, intervalMs: -1 }, 1, 'intervalMs'],
    [bucket, 0, 'tokens'],
    [bucket, Number.NaN, 'tokens'],
  ])('refuses a wrong number (%#)', async (wrong, tokens, field) => {
    await expect(limiter.take('test', 'caller', wrong, tokens)).rejects.toThrow(
      `${field} must be a whole number of at least 1`,
    );
  });
});

describe('rateLimiter: both adapters', () => {
  const lack = adapters.map((adapter) => adapter.lack).find((reason) => reason !== null) ?? null;
  beforeEach(({ skip }) => skip(lack !== null, lack ?? undefined));
  afterAll(() => Promise.all(adapters.map(({ disposeAll }) => disposeAll())));

  it('decide the same for the same calls', async () => {
    const limiters = (await Promise.all(adapters.map(({ open }) => open()))).map(({ rateLimiter }) => rateLimiter);
    const call = fc.record({
      waitMs: fc.oneof(fc.constant(0), fc.nat({ max: 3 * MINUTE }), fc.constantFrom(MINUTE - 1, MINUTE, MINUTE + 1)),
      caller: fc.constantFrom('a', 'b'),
      tokens: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 8 })),
    });
    const buckets = fc.record({
      capacity: fc.integer({ min: 1, max: 7 }),
      refill: fc.integer({ min: 1, max: 7 }),
      intervalMs: fc.constantFrom(MINUTE, 90_000),
    });
    await fc.assert(
      fc.asyncProperty(buckets, fc.array(call, { maxLength: 25 }), async (limits, calls) => {
        const run = randomUUID();
        for (const { waitMs, caller, tokens } of calls) {
          wait(waitMs);
          const answers = await Promise.all(
            limiters.map((limiter) => limiter.take('test', `${run}${caller}`, limits, tokens)),
          );
          expect(answers[1]).toEqual(answers[0]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
