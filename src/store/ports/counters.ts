/**
 * Counters that fade: a count added at time t is worth half after each half-life (forward decay, Cormode et al. 2009).
 * One `board` is a set of members with one half-life.
 */
export interface Counters {
  /** Adds to several members at once. `at` is epoch milliseconds. */
  add(board: string, amounts: ReadonlyMap<string, number>, at: number): Promise<void>;
  /** The `limit` largest as of `at`, largest first, then by member (code unit order). */
  top(board: string, limit: number, at: number): Promise<{ member: string; count: number }[]>;
  /** In order of `members`; 0 where never counted. */
  get(board: string, members: readonly string[], at: number): Promise<number[]>;
  remove(board: string, member: string): Promise<void>;
  /** Forgets a whole board, before it is rebuilt from the log. */
  clear(board: string): Promise<void>;
  dispose(): Promise<void>;
}
