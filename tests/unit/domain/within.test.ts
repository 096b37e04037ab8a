import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { atMost, createStop, Late, within } from '../../../src/domain/within.js';

describe('within', () => {
  it('is the answer, or the error, in time', async () => {
    expect(await within(1_000, Promise.resolve(1))).toBe(1);
    await expect(within(1_000, Promise.reject(new RangeError()))).rejects.toThrow(RangeError);
  });

  it('is Late otherwise, and an error afterwards is nobody’s', async () => {
    let fail = (_reason: Error) => {};
    const failure = new Promise<never>((_, reject) => {
      fail = reject;
    });
    await expect(within(10, failure)).rejects.toThrow(Late);
    fail(new RangeError());
    // Were it somebody's, the run would fail in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('takes an answer that lay there while the event loop was held', async () => {
    const server = createServer();
    const served = once(server, 'connection');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const socket = connect(address.port, '127.0.0.1');
    const [door] = await served;
    const answer = within(30, new Promise((resolve) => socket.once('data', (data) => resolve(String(data)))));
    // Sent before the loop is held, and read after.
    door.end('here');
    const until = performance.now() + 60;
    while (performance.now() < until);
    expect(await answer).toBe('here');
    server.close();
  });
});

describe('atMost', () => {
  const forever = (seen: AbortSignal[]) => (signal: AbortSignal) => {
    seen.push(signal);
    return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };

  it('stops the work when it is late, and when its caller is gone', async () => {
    const seen: AbortSignal[] = [];
    await expect(atMost(10, forever(seen))).rejects.toThrow(Late);
    const caller = new AbortController();
    const answer = atMost(60_000, forever(seen), caller.signal);
    caller.abort(new RangeError('gone'));
    await expect(answer).rejects.toThrow('gone');
    expect(seen.map(({ aborted }) => aborted)).toEqual([true, true]);
    await expect(atMost(60_000, forever(seen), caller.signal)).rejects.toThrow('gone');
    expect(seen).toHaveLength(2);
  });

  it('lets any number of reads listen without a warning', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const caller = createStop();
    await Promise.all(Array.from({ length: 30 }, () => atMost(1_000, async () => turn(), caller.signal)));
    await turn();
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('stops what is left of work that failed', async () => {
    let rest: AbortSignal | undefined;
    const work = async (signal: AbortSignal) => {
      rest = signal;
      throw new RangeError('one part');
    };
    await expect(atMost(60_000, work)).rejects.toThrow('one part');
    expect(rest?.aborted).toBe(true);
  });
});
