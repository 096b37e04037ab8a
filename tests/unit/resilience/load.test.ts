import { describe, expect, it } from 'vitest';
import { createLoad, LOOK_MS, watchLoop } from '../../../src/resilience/load.js';

/** A loop that is late by so many milliseconds, with so many requests under way that need so many each. */
function loadOf(requests: number, lateMs: number, eachMs = 1) {
  let now = 0;
  let active = 0;
  const load = createLoad(
    () => now,
    () => active,
  );
  load.look();
  for (let n = 0; n < 1_000; n++) {
    const end = load.begin();
    active += eachMs;
    now += LOOK_MS;
    load.look();
    end();
  }
  const ends = Array.from({ length: requests }, () => load.begin());
  const wait = (ms: number) => {
    now += ms;
  };
  wait(LOOK_MS + lateMs);
  return { load, ends, wait };
}

describe('load', () => {
  it.each([
    [19, 1_000, 1, 'calm'],
    [20, 28, 1, 'busy'],
    [20, 24, 1, 'calm'],
    [30, 65, 1, 'full'],
    [30, 55, 1, 'busy'],
    [149, 500, 1, 'full'],
    [150, 130, 1, 'flooded'],
    [150, 115, 1, 'full'],
    [10_000, 0, 1, 'calm'],
  ])('%i ms late with %i requests under way that need %i ms each: %s, in that turn and after it', (...given) => {
    const [ms, requests, each, level] = given;
    const { load } = loadOf(requests, ms, each);
    expect(load.level).toBe(level);
    load.look();
    expect(load.level).toBe(level);
  });

  it.each([
    [20, 5, 'calm'],
    [20, 6, 'busy'],
    [30, 7, 'busy'],
    [30, 8, 'full'],
    [150, 63, 'full'],
    [150, 64, 'flooded'],
  ])(
    '%i ms late with %i requests that need 50 ms each: %s, because a slow machine is full of few',
    (ms, requests, level) => {
      expect(loadOf(requests, ms, 50).load.level).toBe(level);
    },
  );

  it('does not take waiting for work: many under way that need nothing of the loop are no load', () => {
    const { load } = loadOf(200, 100, 0.01);
    expect(load.level).toBe('calm');
  });

  it('goes down as requests end, each of them once', () => {
    const { load, ends } = loadOf(65, 30);
    expect(load.workMs).toBeGreaterThan(62);
    ends[0]?.();
    ends[0]?.();
    const { workMs } = load;
    ends[1]?.();
    ends[2]?.();
    for (const end of ends.slice(3, 12)) end();
    expect(load.workMs).toBeLessThan(workMs);
    expect(load.level).toBe('busy');
  });

  it('is forgotten within a quarter of a second of a loop that turns', () => {
    const { load, wait } = loadOf(80, 90);
    load.look();
    const levels = Array.from({ length: 16 }, () => {
      wait(LOOK_MS);
      load.look();
      return load.level;
    });
    expect(levels.at(0)).toBe('full');
    expect(levels.at(-1)).toBe('calm');
  });

  it('nobody who is not watched is late', () => {
    const load = createLoad(() => 1e9);
    expect(load.delayMs).toBe(0);
  });

  it('sees an event loop that is held', async () => {
    const load = createLoad();
    const stop = watchLoop(load);
    const until = performance.now() + 120;
    while (performance.now() < until);
    expect(load.delayMs).toBeGreaterThan(50);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(load.delayMs).toBeGreaterThan(50);
    stop();
  });
});
