import type { ShownList } from '../../domain/shown.js';

/** What was shown to whom. Written behind the answer, never in its way. */
export interface ShownLog {
  /** Returns at once; rows are written in groups. A failed write is logged and counted, not thrown. */
  record(shown: ShownList): void;
  /** Waits until everything recorded so far is written. */
  flush(): Promise<void>;
  dispose(): Promise<void>;
}
