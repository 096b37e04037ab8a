import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Late, within } from '../../../src/domain/within.js';

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
