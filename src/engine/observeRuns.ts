import type { Meter } from '../domain/meter.js';
import type { Tracer } from '../domain/tracer.js';
import { measureRuns } from './measureRuns.js';
import type { ObserveRun } from './pipeline/observer.js';
import { traceRuns } from './traceRuns.js';

/** What is told of every run: figures always, spans to whoever collects them. */
export function observeRuns(meter: Meter, tracer: Tracer): ObserveRun {
  const [measure, trace] = [measureRuns(meter), traceRuns(tracer)];
  return (run) => {
    measure(run);
    trace(run);
  };
}
