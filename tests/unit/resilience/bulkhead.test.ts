import { describe, expect, it, vi } from 'vitest';
import { createBulkhead } from '../../../src/resilience/bulkhead.js';

describe('a bulkhead', () => {
  it('lets a few in at once, some wait, and refuses the rest by name', async () => {
    const guard = createBulkhead({ atOnce: 2, waiting: 1 });
    const ends: (() => void)[] = [];
    const work = () => new Promise<void>((resolve) => ends.push(resolve));
    const running = [guard(work), guard(work), guard(work)];
    await expect(guard(work)).rejects.toMatchObject({ code: 'RATE_LIMITED', extensions: { retryAfterMs: 1_000 } });
    await new Promise((turn) => setImmediate(turn));
    expect(ends).toHaveLength(2);
    ends[0]?.();
    await expect.poll(() => ends.length).toBe(3);
    for (const end of ends) end();
    await Promise.all(running);
  });

  it('does not begin what nobody waits for any longer', async () => {
    const guard = createBulkhead({ atOnce: 1, waiting: 1 });
    let end = () => {};
    const first = guard(() => new Promise<void>((resolve) => (end = resolve)));
    const caller = new AbortController();
    const work = vi.fn(async () => {});
    const second = guard(work, 'write', caller.signal);
    caller.abort(new RangeError('over'));
    end();
    await first;
    await expect(second).rejects.toThrow('over');
    expect(work).not.toHaveBeenCalled();
  });

  it('passes the errors of the work on', async () => {
    const guard = createBulkhead({ atOnce: 1, waiting: 1 });
    await expect(guard(() => Promise.reject(new RangeError('mine')))).rejects.toThrow('mine');
    expect(await guard(async () => 1)).toBe(1);
  });
});
