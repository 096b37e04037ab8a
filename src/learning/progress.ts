import type { ProgressStep } from '../domain/progress.js';

/** Where training stands. */
export interface TrainingStep extends ProgressStep {
  /** Which step of the stage has just been done, of how many. */
  readonly step?: number;
  readonly of?: number;
  /** The trainer's objective after the step. */
  readonly loss?: number;
  /** What the stage still takes, by the pace so far. */
  readonly secondsLeft?: number;
}

export type OnProgress = (step: TrainingStep) => void;

/** Announces a stage and answers what its steps are counted with. */
export function stageProgress(
  stage: string,
  of: number,
  onProgress: OnProgress,
): (step: number, loss?: number) => void {
  const started = performance.now();
  onProgress({ stage, step: 0, of, fraction: 0 });
  return (step, loss) => {
    const secondsLeft = ((performance.now() - started) / 1000 / step) * (of - step);
    onProgress({ stage, step, of, fraction: step / of, secondsLeft, ...(loss === undefined ? {} : { loss }) });
  };
}
