import { DURATION_BUCKETS, type Meter } from '../domain/meter.js';
import type { ObserveRun } from './pipeline/observer.js';
import type { Stage } from './pipeline/trace.js';

const STAGES: readonly Stage[] = ['source', 'hydrator', 'filter', 'scorer', 'reranker'];
const COUNT_BUCKETS = [0, 1, 10, 50, 100, 200, 300, 400, 500, 750, 1_000, 2_000, 5_000];

/** Duration of each stage, failures of each component, and how many candidates there were: a few numbers a run. */
export function measureRuns(meter: Meter): ObserveRun {
  const duration = meter.histogram(
    'curio_stage_duration_seconds',
    'Time from the first component of a stage to begin to the last one to end',
    DURATION_BUCKETS,
    ['pipeline', 'stage'],
  );
  const failed = meter.counter('curio_component_failures_total', 'Parts of a pipeline that failed or were late', [
    'pipeline',
    'stage',
    'component',
  ]);
  const candidates = meter.histogram('curio_candidates', 'Candidates of a list', COUNT_BUCKETS, ['pipeline', 'point']);
  return ({ pipeline, steps, found, kept }) => {
    for (const stage of STAGES) {
      let from = Number.POSITIVE_INFINITY;
      let to = 0;
      for (const step of steps) {
        if (step.stage !== stage) continue;
        if (step.at < from) from = step.at;
        if (step.at + step.ms > to) to = step.at + step.ms;
      }
      if (to > 0) duration({ pipeline, stage }, (to - from) / 1000);
    }
    for (const { stage, name, error } of steps) {
      if (error !== null) failed({ pipeline, stage, component: name });
    }
    candidates({ pipeline, point: 'found' }, found);
    candidates({ pipeline, point: 'kept' }, kept);
  };
}
