import type { Guard } from '../domain/guard.js';
import type { Log } from '../domain/log.js';
import { DURATION_BUCKETS, type Meter } from '../domain/meter.js';
import { silentTracer, type Tracer } from '../domain/tracer.js';
import { type Breaker, type BreakerOptions, type BreakerState, createBreaker } from './breaker.js';

/** What a request may depend on. */
export type Dependency = 'postgres' | 'replica' | 'redis' | 'vector' | 'ranker';

/** A breaker whose calls are spans of a trace. */
export interface NamedBreaker {
  readonly run: Guard;
  readonly state: BreakerState;
  readonly dispose: () => void;
}

export interface Breakers {
  /** A breaker for a dependency; of one that exists several times (a ranker for each version) several. */
  create(
    dependency: Dependency,
    options: Pick<BreakerOptions, 'slowMs' | 'patienceMs' | 'coolDownMs' | 'counts'>,
  ): NamedBreaker;
  /** For what notices silence by itself: while it is away its breaker counts as open. */
  countAway(dependency: Dependency, isAway: () => boolean): void;
  /** The worst state of each dependency. */
  states(): ReadonlyMap<Dependency, BreakerState>;
}

const BADNESS: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** Every breaker of a process, in its metrics, its log and its health. */
export function createBreakers(deps: {
  readonly meter: Meter;
  readonly log: Log;
  /** Milliseconds by which this process itself is late at the moment. */
  readonly ownDelayMs: () => number;
  /** @default none */
  readonly tracer?: Tracer;
}): Breakers {
  const { meter, log, ownDelayMs, tracer = silentTracer } = deps;
  const breakers = new Map<Breaker, Dependency>();
  const silences = new Map<Dependency, () => boolean>();
  const duration = meter.histogram(
    'curio_dependency_duration_seconds',
    'Time a dependency took to answer, or to fail',
    DURATION_BUCKETS,
    ['dependency'],
  );
  const failed = meter.counter('curio_dependency_failures_total', 'Calls of a dependency that failed or were slow', [
    'dependency',
    'how',
  ]);
  const states = (): ReadonlyMap<Dependency, BreakerState> => {
    const worst = new Map<Dependency, BreakerState>();
    for (const [{ state }, dependency] of breakers) {
      if (BADNESS[state] >= BADNESS[worst.get(dependency) ?? 'closed']) worst.set(dependency, state);
    }
    for (const [dependency, isAway] of silences) if (isAway()) worst.set(dependency, 'open');
    return worst;
  };
  meter.gauge(
    'curio_breaker_state',
    'Circuit breaker of a dependency: 0 closed, 1 half-open, 2 open',
    () => [...states()].map(([dependency, state]) => [{ dependency }, BADNESS[state]] as const),
    ['dependency'],
  );
  return {
    create(dependency, options) {
      const breaker = createBreaker({
        ...options,
        name: dependency,
        ownDelayMs,
        onChange: (state) => log[state === 'open' ? 'warn' : 'info']({ dependency, state }, 'circuit breaker'),
        onCall(seconds, outcome) {
          duration({ dependency }, seconds);
          if (outcome !== 'ok') failed({ dependency, how: outcome });
        },
      });
      breakers.set(breaker, dependency);
      return {
        run: (work, what = 'call', until) =>
          tracer.span(`${dependency} ${what}`, { dependency }, () => breaker.run(work, until)),
        get state() {
          return breaker.state;
        },
        dispose: () => void breakers.delete(breaker),
      };
    },
    countAway: (dependency, isAway) => void silences.set(dependency, isAway),
    states,
  };
}
