import type { Step } from './trace.js';

/** One run of a pipeline that came to its end. */
export interface Run {
  readonly pipeline: string;
  readonly steps: readonly Step[];
  /** Candidates found, and those that passed the filters. */
  readonly found: number;
  readonly kept: number;
}

/** Hears of every run, in the way of its answer: it must be quick and must not throw. */
export type ObserveRun = (run: Run) => void;

export const ignoreRuns: ObserveRun = () => {};
