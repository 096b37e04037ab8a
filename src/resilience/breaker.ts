import { CircuitState, circuitBreaker, handleWhen, isBrokenCircuitError, SamplingBreaker } from 'cockatiel';
import { within } from '../domain/within.js';

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
   * Runs `work`. A slow answer is still an answer, but counts against what gave it.
   * @throws Refused without running it while the breaker is open, Late after `patienceMs`; else what `work` throws.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
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

export function createBreaker(options: BreakerOptions): Breaker {
  const { name, slowMs = 200, patienceMs, coolDownMs = 1_000, counts, ownDelayMs, onChange, onCall } = options;
  const policy = circuitBreaker(
    handleWhen(counts).orWhenResult((result) => result instanceof Timed && result.isSlow),
    {
      halfOpenAfter: coolDownMs,
      breaker: new SamplingBreaker({ threshold: THRESHOLD, duration: WINDOW_MS, minimumRps: LEAST_PER_SECOND }),
    },
  );
  policy.onStateChange((state) => onChange(STATES[state]));

  const timed = async <T>(work: () => Promise<T>): Promise<Timed<T>> => {
    const started = performance.now();
    let value: T;
    try {
      value = await within(patienceMs, work());
    } catch (error) {
      onCall((performance.now() - started) / 1000, counts(error) ? 'failed' : 'ok');
      throw error;
    }
    const ms = performance.now() - started;
    const isSlow = ms > slowMs && ms - ownDelayMs() > slowMs;
    onCall(ms / 1000, isSlow ? 'slow' : 'ok');
    return new Timed(value, isSlow);
  };

  return {
    async run<T>(work: () => Promise<T>) {
      // Whoever comes while one call looks is not made to wait for what it finds.
      if (policy.state === CircuitState.HalfOpen) throw new Refused(`${name} is being tried again`);
      try {
        return (await policy.execute(() => timed(work))).value;
      } catch (error) {
        if (isBrokenCircuitError(error)) throw new Refused(`${name} failed too often lately`);
        throw error;
      }
    },
    get state() {
      return STATES[policy.state];
    },
  };
}
