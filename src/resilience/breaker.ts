import { CircuitState, circuitBreaker, handleWhen, isBrokenCircuitError, SamplingBreaker } from 'cockatiel';
import { atMost } from '../domain/within.js';

/** Share of the calls of the last `WINDOW_MS` that may fail or be slow. */
const THRESHOLD = 0.05;
const WINDOW_MS = 10_000;
/** Fewer calls than this a second say nothing: twenty in a window. */
const LEAST_PER_SECOND = 2;

export type BreakerState = 'closed' | 'half-open' | 'open';

/** What is behind the breaker is known to fail and was not asked. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Stands before something that may fail: lets calls through while few of them fail, and none for a while when many do. */
export interface Breaker {
  /**
   * Runs `work`. A slow answer is still an answer, but counts against what gave it. The signal that it gets aborts after
   * `patienceMs`, and with `until`, but not before the answer counts as slow: silence must be noticed, however short the patience
   * of those who ask.
   * @throws Refused without running it while the breaker is open, Late after `patienceMs`; else what `work` throws.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, until?: AbortSignal): Promise<T>;
  readonly state: BreakerState;
}

export interface BreakerOptions {
  readonly name: string;
  /** An answer that takes longer counts as a failure. @default 200 */
  readonly slowMs?: number;
  /** An answer that takes longer is given up. */
  readonly patienceMs: number;
  /** How long nothing is let through once it opened; then one call looks. @default 1,000 */
  readonly coolDownMs?: number;
  /** Whether an error speaks against what is behind the breaker: a refused value does not. */
  readonly counts: (error: unknown) => boolean;
  /** Milliseconds by which this process itself is late at the moment: its own slowness is not held against others. */
  readonly ownDelayMs: () => number;
  readonly onChange: (state: BreakerState) => void;
  /** Hears of every call that was let through: seconds, and how it ended. */
  readonly onCall: (seconds: number, outcome: 'ok' | 'slow' | 'failed') => void;
}

const STATES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
};

/** An answer and whether it came in good time. */
class Timed<T> {
  readonly value: T;
  readonly isSlow: boolean;
  constructor(value: T, isSlow: boolean) {
    this.value = value;
    this.isSlow = isSlow;
  }
}

/** A call that was stopped by who asked, after it had been slow. */
class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

export function createBreaker(options: BreakerOptions): Breaker {
  const { name, slowMs = 200, patienceMs, coolDownMs = 1_000, counts, ownDelayMs, onChange, onCall } = options;
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof GivenUp || counts(error)).orWhenResult(
      (result) => result instanceof Timed && result.isSlow,
    ),
    {
      halfOpenAfter: coolDownMs,
      breaker: new SamplingBreaker({ threshold: THRESHOLD, duration: WINDOW_MS, minimumRps: LEAST_PER_SECOND }),
    },
  );
  policy.onStateChange((state) => onChange(STATES[state]));

  const timed = async <T>(
    work: (signal: AbortSignal) => Promise<T>,
    until: AbortSignal | undefined,
  ): Promise<Timed<T>> => {
    const started = performance.now();
    const isSlow = () => performance.now() - started - ownDelayMs() > slowMs;
    const asker = createDelayedStop(until, started + slowMs);
    try {
      const value = await atMost(patienceMs, work, asker.signal);
      const slow = isSlow();
      onCall((performance.now() - started) / 1000, slow ? 'slow' : 'ok');
      return new Timed(value, slow);
    } catch (error) {
      const givenUp = asker.signal?.aborted === true && isSlow();
      onCall((performance.now() - started) / 1000, givenUp ? 'slow' : counts(error) ? 'failed' : 'ok');
      throw givenUp ? new GivenUp('stopped by who asked', { cause: error }) : error;
    } finally {
      asker.dispose();
    }
  };

  return {
    async run<T>(work: (signal: AbortSignal) => Promise<T>, until?: AbortSignal) {
      until?.throwIfAborted();
      // Whoever comes while one call looks is not made to wait for what it finds.
      if (policy.state === CircuitState.HalfOpen) throw new Refused(`${name} is being tried again`);
      try {
        return (await policy.execute(() => timed(work, until))).value;
      } catch (error) {
        if (isBrokenCircuitError(error)) throw new Refused(`${name} failed too often lately`);
        if (error instanceof GivenUp) throw error.cause;
        throw error;
      }
    },
    get state() {
      return STATES[policy.state];
    },
  };
}

/** A signal that aborts with another one, at `soonest` (milliseconds of `performance.now`) or later. */
function createDelayedStop(until: AbortSignal | undefined, soonest: number) {
  if (until === undefined) return { signal: undefined, dispose: () => {} };
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    const ms = soonest - performance.now();
    if (ms < 0) stop.abort(until.reason);
    else timer = setTimeout(() => stop.abort(until.reason), ms + 1);
  };
  until.addEventListener('abort', end, { once: true });
  return {
    signal: stop.signal,
    dispose() {
      until.removeEventListener('abort', end);
      clearTimeout(timer);
    },
  };
}
