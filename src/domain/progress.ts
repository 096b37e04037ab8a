/** Where a long piece of work stands. */
export interface ProgressStep {
  /** What is being done now, in a few words. */
  readonly stage: string;
  /** Counted in `unit`; left out where nothing can be counted. */
  readonly done?: number;
  /** How far the stage has come, 0 to 1, where its end is known. */
  readonly fraction?: number;
  /** Plural, such as `rows`. */
  readonly unit?: string;
}

/** Takes steps from long work; whoever started the work decides how they are shown. */
export interface Progress {
  update(step: ProgressStep): void;
  /** The work has succeeded; `summary` says what came of it. */
  done(summary?: string): void;
  /** The work has failed: whatever was being drawn is taken away. */
  failed(): void;
}
