import type { Log } from '../domain/log.js';
import type { OnProgress, TrainingStep } from './progress.js';

/** Steps on their way to whoever shows them; each stage becomes a line of the log when it ends. */
export interface StageLog {
  readonly onProgress: OnProgress;
  /** The last stage has ended. */
  finish(): void;
}

/** One event a stage: tenant, stage, how far it came (step, of, done, unit), the last loss, and its seconds. */
export function stageLog(log: Log, tenant: string, onProgress: OnProgress): StageLog {
  let last: TrainingStep | null = null;
  let started = performance.now();
  const finish = () => {
    if (last === null) return;
    const { stage, step, of, loss, done, unit } = last;
    log.info(
      { tenant, stage, step, of, loss, done, unit, seconds: (performance.now() - started) / 1000 },
      'stage ended',
    );
    last = null;
  };
  return {
    onProgress(step) {
      if (step.stage !== last?.stage) {
        finish();
        started = performance.now();
      }
      last = step;
      onProgress(step);
    },
    finish,
  };
}
