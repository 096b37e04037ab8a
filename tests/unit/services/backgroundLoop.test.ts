import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BackgroundLoop, createBackgroundLoop } from '../../../src/services/backgroundLoop.js';

let turns: number;
let failures: unknown[];
/** What each turn comes to. */
let turn: () => Promise<number>;
let loop: BackgroundLoop;
beforeEach(() => {
  vi.useFakeTimers();
  turns = 0;
  failures = [];
  turn = async () => 100;
  loop = createBackgroundLoop({
    turn: () => {
      turns += 1;
      return turn();
    },
    onFailure: (error) => failures.push(error),
    afterFailureMs: 1_000,
  });
});
afterEach(async () => {
  await loop.stop();
  vi.useRealTimers();
});
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a background loop', () => {
  it('rests for as long as a turn says, and is begun once', async () => {
    loop.start();
    loop.start();
    await pass(0);
    expect(turns).toBe(1);
    await pass(99);
    expect(turns).toBe(1);
    await pass(1);
    expect(turns).toBe(2);
  });

  it('goes on at once while there is more', async () => {
    turn = async () => (turns < 5 ? 0 : 100);
    loop.start();
    await pass(0);
    expect(turns).toBe(5);
  });

  it('is woken from its rest, and out of the next one by what came during a turn', async () => {
    loop.start();
    await pass(0);
    loop.wake();
    await pass(0);
    expect(turns).toBe(2);
    turn = async () => {
      if (turns === 3) loop.wake();
      return 100;
    };
    await pass(100);
    expect(turns).toBe(4);
  });

  it('says what failed and tries again after a rest, also where it was woken meanwhile', async () => {
    turn = async () => {
      loop.wake();
      throw new Error('no luck');
    };
    loop.start();
    await pass(999);
    expect(turns).toBe(1);
    await pass(1);
    expect(turns).toBe(2);
    expect(failures.map(String)).toEqual(['Error: no luck', 'Error: no luck']);
  });

  it('stops when its turn has ended, without resting', async () => {
    let end = () => {};
    turn = () =>
      new Promise((resolve) => {
        end = () => resolve(100);
      });
    loop.start();
    let stopped = false;
    const stopping = loop.stop().then(() => {
      stopped = true;
    });
    await pass(10);
    expect([stopped, loop.isStopped()]).toEqual([false, true]);
    end();
    await stopping;
    expect(turns).toBe(1);
  });
});
