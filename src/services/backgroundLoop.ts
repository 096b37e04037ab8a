/** Work that goes on behind the answers until it is stopped. */
export interface BackgroundLoop {
  start(): void;
  /** There is something to do: no rest after this turn. */
  wake(): void;
  isStopped(): boolean;
  /** Resolves once the turn under way has ended. */
  stop(): Promise<void>;
}

/** One turn after another. A turn that fails is said, and tried again after a rest that nothing shortens but an end or a wake. */
export function createBackgroundLoop(parts: {
  /** Does what there is to do; answers for how long nothing more is to be done, in milliseconds: 0 for more at once. */
  readonly turn: () => Promise<number>;
  readonly onFailure: (error: unknown) => void;
  readonly afterFailureMs: number;
}): BackgroundLoop {
  const { turn, onFailure, afterFailureMs } = parts;
  let stopped = false;
  let woken = false;
  let endRest = () => {};
  let running: Promise<void> | null = null;

  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    while (!stopped) {
      woken = false;
      let restMs: number;
      try {
        restMs = await turn();
      } catch (error) {
        onFailure(error);
        // What woke it during the turn may be what fails.
        woken = false;
        restMs = afterFailureMs;
      }
      if (restMs > 0 && !woken && !stopped) await rest(restMs);
    }
  };
  return {
    start() {
      running ??= run();
    },
    wake() {
      woken = true;
      endRest();
    },
    isStopped: () => stopped,
    async stop() {
      stopped = true;
      endRest();
      await running;
    },
  };
}
