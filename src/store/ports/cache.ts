/**
 * Short-lived values by key. What is lost here can be computed again, so a store that is away reads as empty and
 * drops what is written; only `setIfAbsent`, whose answer callers rely on, says so. What was deleted or replaced while
 * the store was away does not come back: this process reads it as absent, and deletes it as soon as the store answers.
 * `ttlMs` is at least 1; less is a RangeError.
 */
export interface Cache {
  /** Null when absent or expired. */
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /**
   * Sets only when absent; answers the value that stands afterwards.
   * @throws StoreAway
   */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<string>;
  delete(key: string): Promise<void>;
  /**
   * Deletes every key that begins so and was there before the call; takes as long as a look at every key there is.
   * @throws StoreAway
   */
  deleteAll(beginning: string): Promise<void>;
  dispose(): Promise<void>;
}
