import type { Tracer } from '../domain/tracer.js';
import type { ObserveRun } from './pipeline/observer.js';

/** Each component of a run as a span under the operation that asked for the list. */
export function traceRuns(tracer: Tracer): ObserveRun {
  return ({ pipeline, steps }) => {
    for (const { stage, name, at, ms, in: before, out, error } of steps) {
      tracer.record(
        `${stage} ${name}`,
        { pipeline, stage, 'candidates.in': before, 'candidates.out': out },
        at,
        ms,
        error,
      );
    }
  };
}
