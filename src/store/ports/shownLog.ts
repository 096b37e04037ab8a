import type { Glimpse, ShownList } from '../../domain/shown.js';

/** What was shown to whom. Written behind the answer, never in its way. */
export interface ShownLog {
  /**
   * Returns at once; rows are written in groups. A failed write is logged and counted, not thrown. In a list of people
   * (`PEOPLE_SURFACE`) someone who is no user when it is written has an empty id.
   */
  record(shown: ShownList): void;
  /** For each person, in order, the newest `limit` lists of items that were shown to them since that moment (epoch ms), newest first. */
  newest(
    tenant: string,
    userIds: readonly string[],
    since: number,
    limit: number,
    signal?: AbortSignal,
  ): Promise<(readonly Glimpse[])[]>;
  /** Waits until everything recorded so far is written. */
  flush(): Promise<void>;
  dispose(): Promise<void>;
}
