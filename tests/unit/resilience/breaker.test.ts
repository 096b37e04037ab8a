import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../src/domain/log.js';
import { Late } from '../../../src/domain/within.js';
import { type Breaker, createBreaker, Refused } from '../../../src/resilience/breaker.js';
import { createBreakers } from '../../../src/resilience/breakers.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { patience } from '../../helpers/patience.js';

class Away extends Error {}
const ok = async () => 'answer';
const fails = () => Promise.reject(new Away());
const answerIn = (ms: number) => () => new Promise<string>((resolve) => setTimeout(() => resolve('late answer'), ms));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open(ownDelayMs = 0): { breaker: Breaker; states: string[]; calls: string[] } {
  const states: string[] = [];
  const calls: string[] = [];
  const breaker = createBreaker({
    name: 'thing',
    patienceMs: 1_000,
    counts: (error) => error instanceof Away || error instanceof Late,
    ownDelayMs: () => ownDelayMs,
    onChange: (state) => void states.push(state),
    onCall: (_seconds, outcome) => void calls.push(outcome),
  });
  return { breaker, states, calls };
}

/** Calls, all answered, after which a window says something. */
async function warm(breaker: Breaker, calls: number) {
  for (let n = 0; n < calls; n++) await breaker.run(ok);
}

describe('a circuit breaker', () => {
  it('stays closed at one failure in twenty, and opens above', async () => {
    const { breaker, states } = open();
    await warm(breaker, 38);
    for (let n = 0; n < 2; n++) await expect(breaker.run(fails)).rejects.toThrow(Away);
    expect(breaker.state).toBe('closed');
    await expect(breaker.run(fails)).rejects.toThrow(Away);
    expect(breaker.state).toBe('open');
    expect(states).toEqual(['open']);
    const work = vi.fn(ok);
    await expect(breaker.run(work)).rejects.toThrow(Refused);
    expect(work).not.toHaveBeenCalled();
  });

  it('stops what it gives up, and what nobody waits for any longer, but not before that counts as slow', async () => {
    const { breaker, calls } = open();
    const stopped: number[] = [];
    const started = performance.now();
    const silent = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          stopped.push(Math.round(performance.now() - started));
          reject(signal.reason);
        });
      });
    const caller = new AbortController();
    const asked = [breaker.run(silent), breaker.run(silent, caller.signal)].map((call) =>
      call.catch((e: unknown) => e),
    );
    await vi.advanceTimersByTimeAsync(50);
    caller.abort(new RangeError('gone'));
    await vi.advanceTimersByTimeAsync(100);
    expect(stopped).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await Promise.all(asked)).toEqual([expect.any(Late), expect.any(RangeError)]);
    expect(stopped.map((ms) => Math.floor(ms / 200))).toEqual([1, 5]);
    expect(calls).toEqual(['slow', 'failed']);
    await expect(breaker.run(silent, caller.signal)).rejects.toThrow('gone');
  });

  it('opens for silence, however short the patience of those who ask', async () => {
    const { breaker } = open();
    const silent = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const asked = Array.from({ length: 30 }, () => breaker.run(silent, AbortSignal.timeout(20)).catch(() => {}));
    await vi.advanceTimersByTimeAsync(300);
    await vi.waitFor(() => expect(breaker.state).toBe('open'), patience);
    await Promise.all(asked);
  });

  it('takes few calls for no evidence', async () => {
    const { breaker } = open();
    for (let n = 0; n < 15; n++) await expect(breaker.run(fails)).rejects.toThrow(Away);
    expect(breaker.state).toBe('closed');
  });

  it('counts an answer above 200 ms against what gave it, and answers it all the same', async () => {
    const { breaker, calls } = open();
    await warm(breaker, 30);
    for (let n = 0; n < 2; n++) {
      const answer = breaker.run(answerIn(250));
      await vi.advanceTimersByTimeAsync(250);
      expect(await answer).toBe('late answer');
    }
    expect(breaker.state).toBe('open');
    expect(calls.slice(-2)).toEqual(['slow', 'slow']);
  });

  it('does not take its own lateness for that of others', async () => {
    const { breaker } = open(100);
    await warm(breaker, 30);
    for (let n = 0; n < 5; n++) {
      const answer = breaker.run(answerIn(250));
      await vi.advanceTimersByTimeAsync(250);
      await answer;
    }
    expect(breaker.state).toBe('closed');
  });

  it('gives up an answer that does not come', async () => {
    const { breaker } = open();
    const answer = breaker.run(answerIn(5_000));
    const refused = expect(answer).rejects.toThrow(Late);
    await vi.advanceTimersByTimeAsync(1_001);
    await refused;
  });

  it('is not opened by errors that say nothing of what is behind it', async () => {
    const { breaker } = open();
    for (let n = 0; n < 100; n++) await expect(breaker.run(() => Promise.reject(new TypeError()))).rejects.toThrow();
    expect(breaker.state).toBe('closed');
  });

  it('looks with one call after the cool-down; its answer closes, its failure opens again', async () => {
    const { breaker, states } = open();
    for (let n = 0; n < 20; n++) await expect(breaker.run(fails)).rejects.toThrow(Away);
    expect(breaker.state).toBe('open');
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(breaker.run(fails)).rejects.toThrow(Away);
    expect(breaker.state).toBe('open');
    await vi.advanceTimersByTimeAsync(1_000);
    const looking = breaker.run(answerIn(50));
    expect(breaker.state).toBe('half-open');
    await expect(breaker.run(ok)).rejects.toThrow('tried again');
    await vi.advanceTimersByTimeAsync(50);
    expect(await looking).toBe('late answer');
    expect(breaker.state).toBe('closed');
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
    expect(await breaker.run(ok)).toBe('answer');
  });
});

describe('the breakers of a process', () => {
  it('show the worst of each dependency in the metrics, and forget those that are gone', async () => {
    const metrics = createMetrics();
    const breakers = createBreakers({ meter: metrics.meter, log: silentLog, ownDelayMs: () => 0 });
    const options = { patienceMs: 1_000, counts: () => true };
    const old = breakers.create('ranker', options);
    const fresh = breakers.create('ranker', options);
    breakers.create('redis', options);
    for (let n = 0; n < 20; n++) await expect(old.run(fails)).rejects.toThrow(Away);
    await fresh.run(ok);
    expect([...breakers.states()]).toEqual([
      ['ranker', 'open'],
      ['redis', 'closed'],
    ]);
    const { text } = await metrics.expose();
    expect(text).toContain('curio_breaker_state{dependency="ranker"} 2');
    expect(text).toContain('curio_breaker_state{dependency="redis"} 0');
    expect(text).toContain('curio_dependency_failures_total{dependency="ranker",how="failed"} 20');
    expect(text).toContain('curio_dependency_duration_seconds_count{dependency="ranker"} 21');
    old.dispose();
    expect(breakers.states().get('ranker')).toBe('closed');

    let isAway = true;
    breakers.countAway('redis', () => isAway);
    expect(breakers.states().get('redis')).toBe('open');
    isAway = false;
    expect(breakers.states().get('redis')).toBe('closed');
  });
});
