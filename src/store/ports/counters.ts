/** A set of members that fade together. Two boards of one name and different half-lives are two boards. */
export interface Board {
  readonly name: string;
  /** Milliseconds after which a count is worth half. */
  readonly halfLifeMs: number;
}

/**
 * Counters that fade: a count added at time t is worth half after each half-life (forward decay, Cormode et al. 2009).
 * A board keeps at most `BOARD_LIMIT` members; beyond that the smallest are forgotten. Times are epoch milliseconds,
 * in any order.
 */
export interface Counters {
  /**
   * Adds to several members at once.
   * @throws RangeError when an amount is not a positive finite number.
   * @throws StoreAway
   */
  add(board: Board, amounts: ReadonlyMap<string, number>, at: number): Promise<void>;
  /**
   * The `limit` largest as of `at`, largest first, then by member (code unit order).
   * @throws StoreAway
   */
  top(board: Board, limit: number, at: number): Promise<{ member: string; count: number }[]>;
  /**
   * In order of `members`; 0 where never counted.
   * @throws StoreAway
   */
  get(board: Board, members: readonly string[], at: number): Promise<number[]>;
  /** @throws StoreAway */
  remove(board: Board, member: string): Promise<void>;
  /**
   * Forgets a whole board, before it is rebuilt from the log.
   * @throws StoreAway
   */
  clear(board: Board): Promise<void>;
  dispose(): Promise<void>;
}

/** Members of one board. When it is exceeded the smallest fifth goes, so that newcomers have room to grow. */
export const BOARD_LIMIT = 100_000;

/** A smaller count is not listed, and may be forgotten. */
export const FADED = 1e-9;
