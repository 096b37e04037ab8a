export type Stage = 'source' | 'hydrator' | 'filter' | 'scorer' | 'reranker';

/** What one component did in one run. */
export interface Step {
  readonly stage: Stage;
  readonly name: string;
  /** When it began, by `performance.now()`, and how long it took: milliseconds. */
  readonly at: number;
  readonly ms: number;
  /** Candidates before and after; a source has none before. */
  readonly in: number;
  readonly out: number;
  /** Why it was dropped, or null. */
  readonly error: string | null;
}

/** Collects the steps of one run. */
export interface Trace {
  readonly steps: readonly Step[];
  /** Starts the clock of a component; call the answer once, when it is through. */
  start(stage: Stage, name: string, before: number): (after: number, error?: unknown) => void;
}

export function createTrace(): Trace {
  const steps: Step[] = [];
  return {
    steps,
    start(stage, name, before) {
      const started = performance.now();
      return (after, error) => {
        const ms = performance.now() - started;
        steps.push({
          stage,
          name,
          at: started,
          ms,
          in: before,
          out: after,
          error: error === undefined ? null : describe(error),
        });
      };
    },
  };
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
