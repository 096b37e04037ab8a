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

/** Counts the steps of one stage and estimates its end. `now` in milliseconds. */
export function stageProgress(stage: string, of: number, onProgress: OnProgress, now: () => number) {
  const started = now();
  onProgress({ stage, step: 0, of, fraction: 0 });
  return (step: number, loss?: number): void => {
    const secondsLeft = ((now() - started) / 1000 / Math.max(step, 1)) * (of - step);
    onProgress({ stage, step, of, fraction: step / of, secondsLeft, ...(loss === undefined ? {} : { loss }) });
  };
}
